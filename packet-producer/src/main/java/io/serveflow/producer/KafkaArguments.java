package io.serveflow.producer;

import io.serveflow.publish.AgeCheck;
import io.serveflow.publish.Encoders;
import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.PacketPublisher;
import io.serveflow.publish.PacketTopic;
import io.serveflow.publish.PublishException;
import io.serveflow.replay.PacketTarget;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.PacketGathering;
import io.serveflow.schema.SchemaRegistry;
import io.serveflow.schema.WireFormat;

import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/** The options that say where packets go. */
final class KafkaArguments {

    private static final Pattern SECRET =
            Pattern.compile("password|secret|jaas|user\\.info|\\.key$");

    @Option(
            names = {"--kafka.bootstrap-servers", "-b"},
            paramLabel = "HOST:PORT",
            description =
                    "Kafka brokers (default: bootstrap.servers of the properties, else "
                            + KafkaConnection.DEFAULT_SERVERS
                            + ")")
    private String bootstrapServers;

    @Option(
            names = {"--kafka.packets-topic", "--topic"},
            paramLabel = "TOPIC",
            defaultValue = "packets",
            description = "Topic for the packets (default: ${DEFAULT-VALUE})")
    private String topic;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description =
                    "Partitions of the topic if it is created (default: "
                            + PacketTopic.DEFAULT_PARTITIONS
                            + ")")
    private Integer partitions;

    @Option(names = "--no-create-topic", description = "Refuse to create a missing topic")
    private boolean noCreateTopic;

    @Option(
            names = "--topic-config",
            paramLabel = "KEY=VALUE",
            description = "Setting of a topic that is created, as retention.bytes=10000000000")
    private Map<String, String> topicConfig = Map.of();

    @Option(
            names = "--kafka.property",
            paramLabel = "KEY=VALUE",
            description = "Any Kafka client property; secrets belong into the file")
    private Map<String, String> kafkaProperties = Map.of();

    @Option(
            names = "--kafka.properties-file",
            paramLabel = "FILE",
            description = "Kafka client properties, among them secrets")
    private Path propertiesFile;

    @Option(
            names = "--wire-format",
            paramLabel = "FORMAT",
            defaultValue = "single-object",
            description = "single-object or confluent (default: ${DEFAULT-VALUE})")
    private String wireFormat;

    @Option(
            names = "--schema-registry",
            paramLabel = "URL",
            description = "Schema registry, needed for the Confluent format")
    private String schemaRegistry;

    @Option(
            names = "--packets-per-record",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Put up to N packets of a partition that come within a millisecond into one"
                            + " Kafka record: a third more flows a second, but such records have no key"
                            + " (default: ${DEFAULT-VALUE})")
    private int packetsPerRecord;

    private Optional<Instant> newest = Optional.empty();

    /** Refuses values that make no sense, and secrets where others can read them. */
    void check() {
        WireFormat format = format();
        if (schemaRegistry != null) {
            refuseWrongAddress(schemaRegistry);
        }
        // Whoever names a registry expects records that it knows.
        require(
                schemaRegistry == null || format == WireFormat.CONFLUENT,
                "--schema-registry needs --wire-format confluent");
        require(partitions() >= 1, "--partitions must be at least 1");
        require(
                !noCreateTopic || partitions == null && topicConfig.isEmpty(),
                "--partitions and --topic-config are for a topic that is created, which"
                        + " --no-create-topic forbids");
        require(
                packetsPerRecord >= 1 && packetsPerRecord <= PacketGathering.MOST,
                "--packets-per-record must be 1 to " + PacketGathering.MOST);
        for (String key : kafkaProperties.keySet()) {
            if (SECRET.matcher(key).find()) {
                throw new IllegalArgumentException(
                        key
                                + " must not stand on the command line, where every user of the"
                                + " machine can read it: put it into --kafka.properties-file");
            }
        }
    }

    private static void refuseWrongAddress(String registry) {
        try {
            SchemaRegistry.address(registry, null);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--schema-registry: " + e.getMessage(), e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    private int partitions() {
        return partitions == null ? PacketTopic.DEFAULT_PARTITIONS : partitions;
    }

    /** Asks the cluster and the registry for a sign of life and prepares the topic. */
    PacketPublisher open(PrintWriter out) throws PublishException {
        Map<String, String> properties = properties();
        String servers = KafkaConnection.serversOr(bootstrapServers, properties);
        KafkaConnection connection = new KafkaConnection(servers, properties);
        WireFormat format = format();
        int actualPartitions;
        try (Admin admin = connection.admin()) {
            PacketTopic packets = new PacketTopic(admin);
            actualPartitions = packets.ensure(topic, partitions(), !noCreateTopic, topicConfig);
            packets.warnings(topic).forEach(warning -> out.println("capture: " + warning));
            newest = packets.newest(topic, actualPartitions);
        }
        SchemaRegistry registry =
                schemaRegistry == null
                        ? null
                        : new SchemaRegistry(
                                SchemaRegistry.address(
                                        schemaRegistry, properties.get(SchemaRegistry.USER_INFO)));
        PacketEncoder encoder = Encoders.of(format, registry, topic);
        out.println("capture: publishing to " + topic + " at " + servers);
        return new PacketPublisher(
                connection.producer(), topic, actualPartitions, encoder, packetsPerRecord);
    }

    /** Goes between a replay and the publisher that {@link #open} gave. */
    PacketTarget checked(PacketTarget publisher, PrintWriter out) {
        return newest.isEmpty()
                ? publisher
                : new AgeCheck(
                        publisher, newest.get(), topic, told -> out.println("capture: " + told));
    }

    private WireFormat format() {
        return switch (wireFormat.toLowerCase(Locale.ROOT)) {
            case "single-object" -> WireFormat.SINGLE_OBJECT;
            case "confluent" -> {
                if (schemaRegistry == null) {
                    throw new IllegalArgumentException(
                            "--wire-format confluent needs --schema-registry URL");
                }
                yield WireFormat.CONFLUENT;
            }
            default ->
                    throw new IllegalArgumentException(
                            "--wire-format is single-object or confluent, not " + wireFormat);
        };
    }

    private Map<String, String> properties() throws PublishException {
        Map<String, String> all = new HashMap<>();
        if (propertiesFile != null) {
            Properties fromFile = new Properties();
            try (Reader reader = Files.newBufferedReader(propertiesFile)) {
                fromFile.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new PublishException(
                        propertiesFile + " cannot be read as a properties file: check it", e);
            }
            fromFile.stringPropertyNames().forEach(k -> all.put(k, fromFile.getProperty(k)));
        }
        all.putAll(kafkaProperties);
        return all;
    }
}
