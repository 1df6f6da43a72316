package io.serveflow.testing;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;

import java.time.Instant;
import java.util.List;

/** A verdict with every field set. */
public final class SampleVerdict {

    private SampleVerdict() {}

    public static Verdict of(Reason reason) {
        Verdict v = new Verdict();
        v.setVerdictId("0".repeat(32));
        v.setFlowId("1".repeat(32));
        v.setCommunityId("1:x");
        v.setOriginatorAddress("192.0.2.1");
        v.setResponderAddress("2001:db8::1");
        v.setProtocol(17);
        v.setTask("service-recognition");
        v.setLabel("DNS");
        v.setTop(List.of());
        v.setStage("fast");
        v.setReason(reason);
        v.setPacketsUsed(1);
        v.setModelName("m");
        v.setModelVersion("1");
        v.setModelSha256("2".repeat(64));
        v.setFirstPacketMicros(Instant.EPOCH);
        v.setLastPacketMicros(Instant.EPOCH);
        v.setDecisionTimeMicros(Instant.EPOCH);
        return v;
    }
}
