package io.serveflow.classify;

import io.serveflow.avro.ClassProbability;
import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.flow.Answer;
import io.serveflow.flow.PacketList;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.schema.AvroTimes;
import io.serveflow.schema.CommunityId;
import io.serveflow.schema.FlowKey;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes verdicts: what a stage said of a flow, for readers who know nothing of stages and keys.
 */
final class Verdicts {

    private final ServingPlan plan;
    private final CommunityId communityId = new CommunityId();

    Verdicts(ServingPlan plan) {
        this.plan = plan;
    }

    /**
     * The verdict on a flow.
     *
     * @param flow identity, packets, times
     * @param answer what the stage said
     * @param packetsUsed packets that the stage saw
     */
    Verdict of(UncertainFlow flow, Answer answer, Reason reason, int packetsUsed) {
        FlowKey key = flow.key;
        boolean low = flow.originatorLow;
        Stage stage = plan.stage(answer.stage());
        PacketList packets = flow.waiting.packets.take(packetsUsed);
        Verdict verdict = new Verdict();
        verdict.setVerdictId(FlowIds.verdictId(key, flow.startNanos, flow.segment));
        verdict.setFlowId(FlowIds.flowId(key, flow.startNanos));
        verdict.setSegment(flow.segment);
        verdict.setCommunityId(communityId.of(key));
        verdict.setOriginatorAddress(low ? key.lowAddress() : key.highAddress());
        verdict.setOriginatorPort(low ? key.lowPort() : key.highPort());
        verdict.setResponderAddress(low ? key.highAddress() : key.lowAddress());
        verdict.setResponderPort(low ? key.highPort() : key.lowPort());
        verdict.setProtocol(key.protocol());
        verdict.setVlan(key.vlan());
        verdict.setDomain(key.domain());
        verdict.setTask(plan.task());
        verdict.setLabel(answer.label() < 0 ? Answer.UNKNOWN : plan.labels().get(answer.label()));
        verdict.setConfidence(answer.confidence());
        verdict.setUncertainty(answer.uncertainty());
        verdict.setTop(top(answer));
        verdict.setStage(stage.name());
        verdict.setReason(reason);
        verdict.setPacketsUsed(packets.size());
        verdict.setModelName(plan.name());
        verdict.setModelVersion(plan.version());
        verdict.setModelSha256(stage.sha256());
        verdict.setFirstPacketMicros(AvroTimes.instant(packets.timeNanos(0) / 1000));
        verdict.setLastPacketMicros(
                AvroTimes.instant(packets.timeNanos(packets.size() - 1) / 1000));
        verdict.setDecisionTimeMicros(AvroTimes.now());
        verdict.setFirstPublishTimeMicros(flow.waiting.publishMicros);
        return verdict;
    }

    private List<ClassProbability> top(Answer answer) {
        List<ClassProbability> top = new ArrayList<>(answer.top().length);
        for (int i = 0; i < answer.top().length; i++) {
            String label = plan.labels().get(answer.top()[i]);
            top.add(new ClassProbability(label, (double) answer.probabilities()[i]));
        }
        return top;
    }
}
