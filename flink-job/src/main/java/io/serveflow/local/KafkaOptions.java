package io.serveflow.local;

import io.serveflow.publish.KafkaConnection;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** How to reach Kafka; named as the job's options are. */
final class KafkaOptions {

    @Option(
            names = "--kafka.bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description =
                    "Kafka brokers (default: bootstrap.servers of the properties, else"
                            + " localhost:9092).")
    private String servers;

    @Option(
            names = "--kafka.client-properties-file",
            paramLabel = "FILE",
            description = "Kafka client properties; security settings belong here.")
    private Path propertiesFile;

    String servers() throws IOException {
        return KafkaConnection.serversOr(servers, properties());
    }

    Map<String, Object> properties() throws IOException {
        Properties properties = new Properties();
        if (propertiesFile != null) {
            if (!Files.isReadable(propertiesFile)) {
                throw new IOException(
                        "--kafka.client-properties-file: cannot read " + propertiesFile);
            }
            try (Reader reader = Files.newBufferedReader(propertiesFile)) {
                properties.load(reader);
            }
        }
        Map<String, Object> result = new HashMap<>();
        properties.stringPropertyNames().forEach(n -> result.put(n, properties.getProperty(n)));
        return result;
    }
}
