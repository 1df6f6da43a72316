package io.serveflow.pin;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.util.concurrent.FutureTask;

import static org.assertj.core.api.Assertions.assertThat;

@EnabledOnOs(OS.LINUX)
class CorePinTest {

    private static final String PINNED = "core-pin-test";

    @Test
    void aPinnedThreadMayUseItsCoreAndNoOther() throws Exception {
        String core = coresOf("").split("[,-]")[0];
        CorePin pin = new CorePin(Integer.parseInt(core));
        FutureTask<String> pinned =
                new FutureTask<>(
                        () -> {
                            pin.pin(5);
                            return coresOf(PINNED);
                        });
        new Thread(pinned, PINNED).start();

        assertThat(pinned.get()).isEqualTo(core);
    }

    /** What the kernel allows the first thread whose name begins so. */
    private static String coresOf(String name) throws Exception {
        return ThreadAffinities.byThread().entrySet().stream()
                .filter(thread -> thread.getKey().startsWith(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
