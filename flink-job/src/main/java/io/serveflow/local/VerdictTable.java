package io.serveflow.local;

import io.serveflow.avro.Verdict;
import io.serveflow.output.Transport;
import io.serveflow.output.VerdictJson;

import java.util.Locale;

/** Verdicts as rows for a terminal or a spreadsheet. */
final class VerdictTable {

    private static final String FORMAT = "%-26s %-5s %-44s %-44s %-16s %6s %-8s %-15s %s";

    static final String HEADER =
            String.format(
                    FORMAT,
                    "FIRST PACKET",
                    "PROTO",
                    "ORIGINATOR",
                    "RESPONDER",
                    "LABEL",
                    "CONF",
                    "STAGE",
                    "REASON",
                    "PACKETS");

    static final String CSV_HEADER =
            "first_packet,transport,originator_ip,originator_port,responder_ip,responder_port,"
                    + "community_id,task,label,confidence,uncertainty,stage,reason,packets_used,"
                    + "model,model_version,verdict_id";

    private VerdictTable() {}

    static String row(Verdict v) {
        return String.format(
                Locale.ROOT,
                FORMAT,
                v.getFirstPacketMicros().toString().replace("Z", ""),
                Transport.name(v.getProtocol()),
                endpoint(v.getOriginatorAddress(), v.getOriginatorPort()),
                endpoint(v.getResponderAddress(), v.getResponderPort()),
                v.getLabel(),
                String.format(Locale.ROOT, "%.3f", v.getConfidence()),
                v.getStage(),
                VerdictJson.reason(v),
                v.getPacketsUsed());
    }

    static String csv(Verdict v) {
        return String.join(
                ",",
                v.getFirstPacketMicros().toString(),
                Transport.name(v.getProtocol()),
                v.getOriginatorAddress(),
                String.valueOf(v.getOriginatorPort()),
                v.getResponderAddress(),
                String.valueOf(v.getResponderPort()),
                v.getCommunityId(),
                quoted(v.getTask()),
                quoted(v.getLabel()),
                String.valueOf(v.getConfidence()),
                String.valueOf(v.getUncertainty()),
                v.getStage(),
                VerdictJson.reason(v),
                String.valueOf(v.getPacketsUsed()),
                quoted(v.getModelName()),
                quoted(v.getModelVersion()),
                v.getVerdictId());
    }

    private static String endpoint(String address, int port) {
        return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
    }

    /** Labels come from model bundles; what looks like a formula must stay text. */
    private static String quoted(String text) {
        String safe = !text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }
}
