package io.serveflow.schema;

import io.serveflow.avro.DeadLetter;
import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;
import io.serveflow.avro.Verdict;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every released schema can be read by today's; {@code released/} keeps a copy of each. */
class SchemaEvolutionTest {

    static final List<Schema> CURRENT =
            List.of(
                    Packet.getClassSchema(),
                    PacketBatch.getClassSchema(),
                    Heartbeat.getClassSchema(),
                    Verdict.getClassSchema(),
                    DeadLetter.getClassSchema());

    @ParameterizedTest
    @MethodSource("releasedSchemas")
    void releasedSchemaCanBeRead(Path file) throws IOException {
        Schema released = new Schema.Parser().parse(Files.readString(file));
        Schema current =
                CURRENT.stream()
                        .filter(s -> s.getFullName().equals(released.getFullName()))
                        .findAny()
                        .orElseThrow();

        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(current, released).getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @ParameterizedTest
    @FieldSource("CURRENT")
    void everyFieldSaysWhatItIs(Schema schema) {
        assertThat(schema.getDoc()).isNotBlank();
        assertThat(schema.getFields()).allSatisfy(field -> assertThat(field.doc()).endsWith("."));
    }

    static Stream<Path> releasedSchemas() throws IOException, URISyntaxException {
        Path released = Path.of(SchemaEvolutionTest.class.getResource("/released").toURI());
        try (Stream<Path> files = Files.walk(released)) {
            return files.filter(f -> f.toString().endsWith(".avsc")).toList().stream();
        }
    }
}
