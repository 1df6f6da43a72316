package io.serveflow.output;

import io.serveflow.avro.ClassProbability;
import io.serveflow.avro.Verdict;
import io.serveflow.schema.AvroTimes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A verdict as one line of JSON, with the names of the Elastic Common Schema. */
public final class VerdictJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private VerdictJson() {}

    /**
     * The verdict as one line, without its end, and without times of the wall clock: the same
     * capture gives the same lines.
     *
     * @param file the capture it comes from, or null
     */
    public static String line(Verdict verdict, String file) {
        return text(tree(verdict, file));
    }

    /** The same of a live verdict: with the wall clock's times, which tell its latency. */
    public static String timedLine(Verdict verdict) {
        ObjectNode root = tree(verdict, null);
        ObjectNode serveflow = (ObjectNode) root.get("serveflow");
        serveflow.put("decision_time", time(verdict.getDecisionTimeMicros()));
        long published = verdict.getFirstPublishTimeMicros();
        if (published != 0) {
            serveflow.put("first_publish_time", time(AvroTimes.instant(published)));
        }
        return text(root);
    }

    private static ObjectNode tree(Verdict verdict, String file) {
        ObjectNode root = JSON.createObjectNode();
        root.put("@timestamp", time(verdict.getFirstPacketMicros()));
        endpoint(
                root.putObject("source"),
                verdict.getOriginatorAddress(),
                verdict.getOriginatorPort());
        endpoint(
                root.putObject("destination"),
                verdict.getResponderAddress(),
                verdict.getResponderPort());
        ObjectNode network = root.putObject("network");
        network.put("transport", Transport.name(verdict.getProtocol()));
        network.put("iana_number", String.valueOf(verdict.getProtocol()));
        network.put("community_id", verdict.getCommunityId());
        if (verdict.getVlan() != 0) {
            network.putObject("vlan").put("id", String.valueOf(verdict.getVlan()));
        }
        if (file != null) {
            root.putObject("file").put("name", file);
        }
        serveflow(root.putObject("serveflow"), verdict);
        return root;
    }

    private static String text(ObjectNode root) {
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree always has a text", e);
        }
    }

    private static void endpoint(ObjectNode node, String address, int port) {
        node.put("ip", address);
        node.put("port", port);
    }

    private static void serveflow(ObjectNode node, Verdict verdict) {
        node.put("task", verdict.getTask());
        node.put("label", verdict.getLabel());
        node.put("confidence", verdict.getConfidence());
        node.put("uncertainty", verdict.getUncertainty());
        node.put("stage", verdict.getStage());
        node.put("reason", reason(verdict));
        node.put("packets_used", verdict.getPacketsUsed());
        node.put("first_packet", time(verdict.getFirstPacketMicros()));
        node.put("last_packet", time(verdict.getLastPacketMicros()));
        node.put("verdict_id", verdict.getVerdictId());
        node.put("flow_id", verdict.getFlowId());
        node.put("segment", verdict.getSegment());
        ObjectNode model = node.putObject("model");
        model.put("name", verdict.getModelName());
        model.put("version", verdict.getModelVersion());
        model.put("sha256", verdict.getModelSha256());
        ArrayNode top = node.putArray("top");
        for (ClassProbability entry : verdict.getTop()) {
            top.addObject()
                    .put("label", entry.getLabel())
                    .put("probability", entry.getProbability());
        }
    }

    /** A verdict's reason as readers see it: {@code enough_packets}. */
    public static String reason(Verdict verdict) {
        return verdict.getReason().name().toLowerCase(Locale.ROOT);
    }

    private static String time(Instant time) {
        return MICROS.format(time);
    }
}
