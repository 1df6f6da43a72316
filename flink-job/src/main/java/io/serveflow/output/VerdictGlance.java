package io.serveflow.output;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.schema.MalformedRecordException;
import io.serveflow.schema.WireFormat;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

import java.io.IOException;
import java.util.Arrays;

/**
 * What a reader must know of a verdict to count it and take its time, read without an object for
 * each of the other fields: a reader beside the job takes what it costs from the job. A test holds
 * it to what Avro's own reader reads.
 *
 * <p>Changes with each record that is read. Not thread-safe.
 */
public final class VerdictGlance {

    private static final byte[] HEADER = WireFormat.singleObjectHeader(Verdict.getClassSchema());
    private static final Reason[] REASONS = Reason.values();

    private final Utf8 text = new Utf8();
    private BinaryDecoder in;
    private String id;
    private String stage;
    private Reason reason;
    private long firstPublishTimeMicros;

    /** Looks at a record in the formats that {@link VerdictCodec} reads, of this schema only. */
    void read(byte[] record) throws MalformedRecordException {
        WireFormat format = WireFormat.of(record);
        int start = format.headerLength();
        if (format == WireFormat.SINGLE_OBJECT
                && !Arrays.equals(record, 0, start, HEADER, 0, start)) {
            throw new MalformedRecordException("no verdict of this release's schema");
        }
        try {
            in = DecoderFactory.get().binaryDecoder(record, start, record.length - start, in);
            readBody();
        } catch (IOException | AvroRuntimeException e) {
            throw new MalformedRecordException("no verdict: " + e.getMessage(), e);
        }
    }

    /** In the order of Verdict.avsc. */
    private void readBody() throws IOException {
        id = in.readString(text).toString();
        in.skipString(); // flowId
        in.readInt(); // segment
        in.skipString(); // communityId
        in.skipString(); // originatorAddress
        in.readInt(); // originatorPort
        in.skipString(); // responderAddress
        in.readInt(); // responderPort
        in.readInt(); // protocol
        in.readInt(); // vlan
        in.readInt(); // domain
        in.skipString(); // task
        in.skipString(); // label
        in.skipFixed(2 * Double.BYTES); // confidence, uncertainty
        skipTop();
        stage = in.readString(text).toString();
        reason = readReason();
        in.readInt(); // packetsUsed
        in.skipString(); // modelName
        in.skipString(); // modelVersion
        in.skipString(); // modelSha256
        in.readLong(); // firstPacketMicros
        in.readLong(); // lastPacketMicros
        in.readLong(); // decisionTimeMicros
        firstPublishTimeMicros = in.readLong();
    }

    private void skipTop() throws IOException {
        for (long block = in.skipArray(); block != 0; block = in.skipArray()) {
            for (long i = 0; i < block; i++) {
                in.skipString();
                in.skipFixed(Double.BYTES);
            }
        }
    }

    private Reason readReason() throws IOException {
        int ordinal = in.readEnum();
        if (ordinal < 0 || ordinal >= REASONS.length) {
            throw new IOException("reason " + ordinal);
        }
        return REASONS[ordinal];
    }

    public String id() {
        return id;
    }

    public String stage() {
        return stage;
    }

    public Reason reason() {
        return reason;
    }

    /** Microseconds since the Unix epoch at which the flow's first packet was published. */
    public long firstPublishTimeMicros() {
        return firstPublishTimeMicros;
    }
}
