package io.serveflow.bench;

import java.util.stream.Stream;

/**
 * One system in two runs: as it is compared by default, and answering every flow once, on its first
 * packet.
 */
record PeerPair(Contender usual, Contender firstPacket) {

    Stream<Contender> both() {
        return Stream.of(usual, firstPacket);
    }
}
