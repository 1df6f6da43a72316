package io.serveflow.bench.peer;

/** A plan without a fast model of packet 1, which is all that a one-record map can ask. */
public final class NoFirstPacketModel extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoFirstPacketModel(String plan) {
        super(
                "model "
                        + plan
                        + " has no fast stage that answers on packet 1, which is all that the plain"
                        + " Flink job can ask: name another bundle with --models");
    }
}
