package io.serveflow.bench;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PumpITCase {

    private static final long MORE_THAN_ANY_DISK_HOLDS = 1L << 50;

    @TempDir private Path directory;

    @Test
    void sendsNothingThatTheDiskHasNoRoomFor() throws Exception {
        Trace trace = Trace.read(Bundled.open(null), 10);
        try (Rig rig = Rig.start(1, directory);
                Pump pump = new Pump(rig, "", trace, 1, 0, Pump.Packing.quick(16))) {
            assertThatThrownBy(() -> pump.send(MORE_THAN_ANY_DISK_HOLDS))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(directory + " has room for ")
                    .hasMessageContaining("--broker-directory");
            assertThat(pump.entries()).isZero();
            assertThat(pump.send(1).get().flows()).isEqualTo(trace.flows());
        }
    }
}
