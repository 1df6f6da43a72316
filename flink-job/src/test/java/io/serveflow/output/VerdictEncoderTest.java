package io.serveflow.output;

import io.serveflow.avro.ClassProbability;
import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.schema.AvroTimes;
import io.serveflow.schema.MalformedRecordException;
import io.serveflow.schema.WireFormat;

import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class VerdictEncoderTest {

    private final byte[] header = WireFormat.singleObjectHeader(Verdict.getClassSchema());
    private final VerdictEncoder encoder = new VerdictEncoder(header);
    private final Random random = new Random(11);

    @Test
    void writesWhatAvroWrites() throws Exception {
        for (int i = 0; i < 500; i++) {
            Verdict verdict = verdict();

            assertThat(encoder.encode(verdict)).isEqualTo(byAvro(verdict));
        }
    }

    @Test
    void isReadBack() throws Exception {
        Verdict verdict = verdict();

        assertThat(VerdictCodec.decode(encoder.encode(verdict))).isEqualTo(verdict);
    }

    @Test
    void tellsAtAGlanceWhatAvroReads() throws Exception {
        VerdictGlance glance = new VerdictGlance();
        for (int i = 0; i < 500; i++) {
            Verdict verdict = verdict();

            glance.read(byAvro(verdict));

            assertThat(glance.id()).isEqualTo(verdict.getVerdictId());
            assertThat(glance.stage()).isEqualTo(verdict.getStage());
            assertThat(glance.reason()).isEqualTo(verdict.getReason());
            assertThat(glance.firstPublishTimeMicros())
                    .isEqualTo(verdict.getFirstPublishTimeMicros());
        }
    }

    @Test
    void glancesAtTheConfluentFormatAsTheCodecReadsIt() throws Exception {
        Verdict verdict = verdict();
        byte[] record = new VerdictEncoder(WireFormat.confluentHeader(7)).encode(verdict);
        VerdictGlance glance = new VerdictGlance();

        glance.read(record);

        assertThat(VerdictCodec.decode(record)).isEqualTo(verdict);
        assertThat(glance.id()).isEqualTo(verdict.getVerdictId());
        assertThat(glance.stage()).isEqualTo(verdict.getStage());
    }

    @Test
    void refusesToGlanceAtWhatIsCutOrForeign() throws Exception {
        VerdictGlance glance = new VerdictGlance();
        byte[] whole = byAvro(verdict());
        byte[] foreign = whole.clone();
        foreign[2]++;

        assertThatThrownBy(() -> glance.read(foreign)).isInstanceOf(MalformedRecordException.class);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> glance.read(cut)).isInstanceOf(MalformedRecordException.class);
        }
    }

    private byte[] byAvro(Verdict verdict) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(header);
        BinaryEncoder avro = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(Verdict.class).write(verdict, avro);
        avro.flush();
        return bytes.toByteArray();
    }

    private Verdict verdict() {
        Verdict v = new Verdict();
        v.setVerdictId(text());
        v.setFlowId(text());
        v.setSegment(random.nextInt(5));
        v.setCommunityId(text());
        v.setOriginatorAddress(text());
        v.setOriginatorPort(random.nextInt(65536));
        v.setResponderAddress(text());
        v.setResponderPort(random.nextInt(65536));
        v.setProtocol(random.nextInt(256));
        v.setVlan(random.nextInt(4096));
        v.setDomain(random.nextInt(3));
        v.setTask(text());
        v.setLabel("Zürich 網");
        v.setConfidence(random.nextDouble());
        v.setUncertainty(random.nextDouble());
        List<ClassProbability> top = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            top.add(new ClassProbability(text(), random.nextDouble()));
        }
        v.setTop(top);
        v.setStage(text());
        v.setReason(Reason.values()[random.nextInt(Reason.values().length)]);
        v.setPacketsUsed(random.nextInt(100));
        v.setModelName(text());
        v.setModelVersion(text());
        v.setModelSha256(text());
        v.setFirstPacketMicros(AvroTimes.instant(random.nextLong() >>> 12));
        v.setLastPacketMicros(AvroTimes.instant(random.nextLong() >>> 12));
        v.setDecisionTimeMicros(AvroTimes.instant(random.nextLong() >>> 12));
        v.setFirstPublishTimeMicros(random.nextLong() >>> 12);
        return v;
    }

    private String text() {
        return Long.toHexString(random.nextLong()).substring(random.nextInt(8));
    }
}
