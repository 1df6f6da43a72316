package io.serveflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The share of the flows that each stage of a plan lets pass to the next, taken from the verdicts
 * of a job: a peer that lets as many pass asks as many models.
 */
final class PassShares {

    private PassShares() {}

    /**
     * A share for each stage; the last one answers whatever comes.
     *
     * @param stages in order
     * @param verdicts by stage
     */
    static List<Double> of(List<String> stages, Map<String, Long> verdicts) {
        double left = verdicts.values().stream().mapToLong(Long::longValue).sum();
        List<Double> shares = new ArrayList<>();
        for (String stage : stages) {
            double answered = verdicts.getOrDefault(stage, 0L);
            boolean last = shares.size() == stages.size() - 1;
            shares.add(last || left <= 0 ? 0 : (left - answered) / left);
            left -= answered;
        }
        return shares;
    }
}
