package io.serveflow.publish;

import io.serveflow.schema.Causes;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How to reach a Kafka cluster, and the clients made of that. Asks the cluster for a sign of life
 * first, because a producer alone would wait for minutes in silence. Properties may hold secrets
 * and are never printed.
 */
public final class KafkaConnection {

    public static final String DEFAULT_SERVERS = "localhost:9092";

    private static final int TIMEOUT_SECONDS = 10;

    private final String servers;
    private final Map<String, Object> properties;

    /** {@code properties}: any of Kafka's client properties; they win over our defaults. */
    public KafkaConnection(String bootstrapServers, Map<String, String> properties) {
        this.servers = bootstrapServers;
        this.properties = new HashMap<>(properties);
        this.properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    }

    /**
     * The brokers that are named, else those of the properties, else the usual place.
     *
     * @param named null if none are
     */
    public static String serversOr(String named, Map<String, ?> properties) {
        if (named != null) {
            return named;
        }
        Object inFile = properties.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
        return inFile == null ? DEFAULT_SERVERS : inFile.toString();
    }

    /** A client for topics, once the cluster has answered. */
    public Admin admin() throws PublishException {
        Map<String, Object> config = new HashMap<>(properties);
        int millis = TIMEOUT_SECONDS * 1000;
        config.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        config.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        Admin admin;
        try {
            admin = Admin.create(config);
        } catch (KafkaException e) {
            throw unusable(e);
        }
        try {
            admin.describeCluster().nodes().get(TIMEOUT_SECONDS + 2, TimeUnit.SECONDS);
            return admin;
        } catch (ExecutionException e) {
            admin.close(java.time.Duration.ZERO);
            // Who was turned away, by a password or a certificate, looks for no other broker.
            throw e.getCause() instanceof RetriableException ? silent(e) : unusable(e.getCause());
        } catch (TimeoutException e) {
            admin.close(java.time.Duration.ZERO);
            throw silent(e);
        } catch (InterruptedException e) {
            admin.close(java.time.Duration.ZERO);
            Thread.currentThread().interrupt();
            throw new PublishException("interrupted while asking Kafka at " + servers, e);
        }
    }

    /**
     * A producer that neither loses nor repeats nor reorders: idempotent, acknowledged by all
     * replicas. Only a broker that dies may take a repeat of old packets for new ones: it goes by
     * record times in forgetting producers. The buffer is bounded; a full one makes the sender
     * wait.
     */
    public KafkaProducer<byte[], byte[]> producer() throws PublishException {
        Map<String, Object> config = new HashMap<>(properties);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        // A packet waits at most this long for its batch to fill: latency is the point.
        config.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 1);
        config.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        config.putIfAbsent(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);
        // A broker that is gone is reported within half a minute, not within two.
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        config.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        try {
            return new KafkaProducer<>(
                    config, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw unusable(e);
        }
    }

    private PublishException silent(Exception e) {
        return new PublishException(
                "no Kafka broker answers at "
                        + servers
                        + ": start one there, or name another with --kafka.bootstrap-servers"
                        + " (security settings go into a properties file, see --help)",
                e);
    }

    private PublishException unusable(Throwable e) {
        return new PublishException("cannot use Kafka at " + servers + ": " + Causes.text(e), e);
    }
}
