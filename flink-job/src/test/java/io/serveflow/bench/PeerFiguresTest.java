package io.serveflow.bench;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class PeerFiguresTest {

    private static final Contender OURS = new Named("serveflow");
    private static final Contender OURS_FIRST = new Named("serveflow-fast");
    private static final Contender PEER = new Named("peer");
    private static final Contender PEER_FIRST = new Named("peer-first-packet");

    /** A contender whose outcomes are known already. */
    private record Named(String name) implements Contender {

        @Override
        public String description() {
            return "what " + name + " is";
        }

        @Override
        public int parallelism() {
            return 7;
        }

        @Override
        public Outcome measure(long flows) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static PeerFigures figures() {
        PeerFigures figures =
                new PeerFigures(
                        List.of(new PeerPair(OURS, OURS_FIRST), new PeerPair(PEER, PEER_FIRST)));
        figures.add(OURS, new Contender.Outcome(5000, 10, 20));
        figures.add(OURS_FIRST, new Contender.Outcome(5000, 8, 10));
        figures.add(PEER, new Contender.Outcome(200, 8, 8));
        figures.add(PEER_FIRST, new Contender.Outcome(200, 2, 2));
        return figures;
    }

    @Test
    void compareTheWholeWithTheWholeAndPacketOneWithPacketOne() {
        Map<String, Object> json = figures().json();

        assertThat(json.get("peer"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("ratio_per_core", 10.0)
                .containsEntry("ratio_per_core_first_packet_only", 5.0)
                .containsEntry("first_packet_only_run", "peer-first-packet")
                .containsEntry("parallelism", 7)
                .containsEntry("flows", 200L);
    }

    /** A machine that is slow for a turn is so for both, which a ratio of medians mixes up. */
    @Test
    void compareTurnByTurn() {
        PeerFigures figures = figures();
        figures.add(OURS, new Contender.Outcome(1000, 1, 10));
        figures.add(OURS_FIRST, new Contender.Outcome(1000, 1, 10));
        figures.add(PEER, new Contender.Outcome(1000, 1, 20));
        figures.add(PEER_FIRST, new Contender.Outcome(1000, 1, 10));
        figures.add(OURS, new Contender.Outcome(1000, 1, 10));
        figures.add(OURS_FIRST, new Contender.Outcome(1000, 1, 10));
        figures.add(PEER, new Contender.Outcome(1000, 1, 30));
        figures.add(PEER_FIRST, new Contender.Outcome(1000, 1, 10));

        assertThat(figures.json().get("peer"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("ratio_per_core", 3.0)
                .containsEntry("ratio_per_core_min", 2.0)
                .containsEntry("ratio_per_core_max", 10.0);
        assertThat(figures.table()).contains("3.00  (2.00 to 10.00)");
    }

    @Test
    void tellOfEveryContenderWhatItIsAndHowManyFlowsItDid() {
        assertThat(figures().table())
                .containsPattern("serveflow-fast +7 +5,000")
                .containsPattern("peer-first-packet +7 +200")
                .containsPattern("peer +what peer is");
    }
}
