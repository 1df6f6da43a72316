package io.serveflow.cluster;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import static org.assertj.core.api.Assertions.assertThat;

/** What the job jar holds, and what a cluster brings itself and would meet twice. */
class JobJarITCase {

    private static final Path JAR = Path.of("target/serveflow-job.jar");
    private static final String KAFKA_CONNECTOR =
            "org/apache/flink/(connector/kafka|streaming/connectors/kafka"
                    + "|streaming/util/serialization/JSONKeyValue).*";

    private static String mainClass;
    private static List<String> entries;
    private static List<String> providers;

    @BeforeAll
    static void open() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            mainClass = jar.getManifest().getMainAttributes().getValue("Main-Class");
            entries = jar.stream().map(ZipEntry::getName).toList();
            providers = new ArrayList<>();
            for (String name : entries) {
                if (name.startsWith("META-INF/services/") && !name.endsWith("/")) {
                    byte[] named = jar.getInputStream(jar.getEntry(name)).readAllBytes();
                    new String(named, StandardCharsets.UTF_8).lines().forEach(providers::add);
                }
            }
        }
    }

    @Test
    void startsTheJob() {
        assertThat(mainClass).isEqualTo("io.serveflow.job.ClassificationJob");
        assertThat(entries).contains("io/serveflow/job/ClassificationJob.class");
    }

    @Test
    void bringsTheModelsTheRuntimeAndTheConnector() {
        assertThat(entries)
                .contains(
                        "plans/service-recognition/plan.json",
                        "ai/onnxruntime/OrtSession.class",
                        "ai/onnxruntime/native/linux-x64/libonnxruntime.so",
                        "org/apache/flink/connector/kafka/source/KafkaSource.class",
                        "org/apache/kafka/clients/consumer/KafkaConsumer.class",
                        "org/apache/avro/Schema.class");
    }

    @Test
    void bringsNothingThatTheClusterHas() {
        assertThat(entries)
                .filteredOn(name -> name.matches("org/apache/flink/.*\\.class"))
                .allMatch(name -> name.matches(KAFKA_CONNECTOR));
        assertThat(entries)
                .noneMatch(name -> name.startsWith("org/slf4j/"))
                .noneMatch(name -> name.startsWith("org/apache/logging/"))
                .noneMatch(name -> name.startsWith("org/apache/log4j/"))
                .noneMatch(name -> name.startsWith("com/esotericsoftware/"));
    }

    @Test
    void bringsNothingThatOnlyRunsLocally() {
        assertThat(entries)
                .noneMatch(name -> name.matches("kafka/.*\\.class"))
                .noneMatch(name -> name.startsWith("scala/"))
                .noneMatch(name -> name.startsWith("picocli/"))
                .noneMatch(name -> name.startsWith("org/pcap4j/"))
                .noneMatch(name -> name.startsWith("io/serveflow/local/"))
                .noneMatch(name -> name.startsWith("io/serveflow/demo/"))
                .noneMatch(name -> name.startsWith("io/serveflow/bench/"))
                .noneMatch(name -> name.startsWith("org/openjdk/jmh/"))
                .noneMatch(name -> name.startsWith("io/serveflow/broker/"))
                .noneMatch(name -> name.endsWith(".pcap"));
    }

    /** A cluster that has the jar in lib/ looks for all of them, and does not start without. */
    @Test
    void namesNoServiceOfAClassThatIsNotThere() {
        assertThat(providers)
                .isNotEmpty()
                .filteredOn(provider -> provider.startsWith("io.serveflow."))
                .allMatch(provider -> entries.contains(provider.replace('.', '/') + ".class"));
    }

    @Test
    void carriesNoSignatureOfAJarThatItIsNotAndItsLicences() {
        assertThat(entries)
                .noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA)"))
                .contains("META-INF/LICENSE", "META-INF/NOTICE")
                .doesNotHaveDuplicates();
    }
}
