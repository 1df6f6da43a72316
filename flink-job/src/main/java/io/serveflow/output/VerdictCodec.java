package io.serveflow.output;

import io.serveflow.avro.Verdict;
import io.serveflow.schema.MalformedRecordException;
import io.serveflow.schema.WireFormat;

import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;

import java.io.IOException;

/** Verdict records as bytes. */
public final class VerdictCodec {

    private VerdictCodec() {}

    /**
     * Reads a verdict record, in single-object encoding or in the Confluent format as this release
     * writes it.
     */
    public static Verdict decode(byte[] record) throws MalformedRecordException {
        WireFormat format = WireFormat.of(record);
        try {
            if (format == WireFormat.SINGLE_OBJECT) {
                return Verdict.getDecoder().decode(record);
            }
            int start = format.headerLength();
            return new SpecificDatumReader<>(Verdict.class)
                    .read(
                            null,
                            DecoderFactory.get()
                                    .binaryDecoder(record, start, record.length - start, null));
        } catch (IOException e) {
            throw new MalformedRecordException("no verdict: " + e.getMessage(), e);
        }
    }
}
