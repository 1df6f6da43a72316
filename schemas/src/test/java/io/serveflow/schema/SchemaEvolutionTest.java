package io.serveflow.schema;

import io.serveflow.avro.DeadLetter;
import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;
import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    void releasedSchemaCanBeRead(Schema released) {
        assertThat(
                        SchemaCompatibility.checkReaderWriterCompatibility(
                                        currentOf(released), released)
                                .getType())
                .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @ParameterizedTest
    @MethodSource("io.serveflow.schema.ReleasedSchemas#ofPacketTopic")
    void releasedRecordIsDecodedWithoutARegistry(Schema released) throws IOException {
        byte[] record = EarlierRecords.sample(released);
        WriterSchemas schemas = new WriterSchemas();
        PacketDecoder decoder = new PacketDecoder(schemas);
        CapturedPacket target = new CapturedPacket();

        PacketDecoder.Kind kind = decoder.decode(record, target);

        CapturedPacket read = kind == PacketDecoder.Kind.BATCH ? decoder.batch().get(0) : target;
        assertThat(read.captureTimeNanos).isEqualTo(1_000_000L);
        assertThat(schemas.knows(WireFormat.readFingerprint(record))).isTrue();
    }

    @Test
    void aReasonOfALaterReleaseIsUnknownAndNoOther() throws IOException {
        Schema current = Reason.getClassSchema();
        List<String> symbols = new ArrayList<>(current.getEnumSymbols());
        symbols.add("SAMPLED");
        Schema later = Schema.createEnum("Reason", null, "io.serveflow.avro", symbols);
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(record, null);
        encoder.writeEnum(symbols.indexOf("SAMPLED"));
        encoder.flush();

        Reason read =
                new SpecificDatumReader<Reason>(later, current)
                        .read(null, DecoderFactory.get().binaryDecoder(record.toByteArray(), null));

        assertThat(read).isEqualTo(Reason.UNKNOWN);
    }

    @Test
    void everyReleaseThatIsKeptIsKnown() throws IOException, URISyntaxException {
        Path released = Path.of(ReleasedSchemas.class.getResource("/released").toURI());
        try (Stream<Path> directories = Files.list(released)) {
            assertThat(directories.map(directory -> directory.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ReleasedSchemas.RELEASES);
        }
        assertThat(ReleasedSchemas.ofPacketTopic())
                .hasSize(ReleasedSchemas.RELEASES.size() * WriterSchema.CURRENT.size());
    }

    @ParameterizedTest
    @FieldSource("CURRENT")
    void everyFieldSaysWhatItIs(Schema schema) {
        assertThat(schema.getDoc()).isNotBlank();
        assertThat(schema.getFields()).allSatisfy(field -> assertThat(field.doc()).endsWith("."));
    }

    static Stream<Schema> releasedSchemas() {
        List<String> names = CURRENT.stream().map(Schema::getName).toList();
        return ReleasedSchemas.RELEASES.stream()
                .flatMap(release -> ReleasedSchemas.of(release, names).stream());
    }

    private static Schema currentOf(Schema released) {
        return CURRENT.stream()
                .filter(current -> current.getFullName().equals(released.getFullName()))
                .findAny()
                .orElseThrow();
    }
}
