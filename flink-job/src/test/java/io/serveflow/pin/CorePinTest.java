package io.serveflow.pin;

import io.serveflow.testing.ThisThread;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.util.concurrent.FutureTask;

import static org.assertj.core.api.Assertions.assertThat;

@EnabledOnOs(OS.LINUX)
class CorePinTest {

    @Test
    void aPinnedThreadMayUseItsCoreAndNoOther() throws Exception {
        String core = ThisThread.cores().split("[,-]")[0];
        CorePin pin = new CorePin(Integer.parseInt(core));
        FutureTask<String> pinned =
                new FutureTask<>(
                        () -> {
                            pin.pin(5);
                            return ThisThread.cores();
                        });
        new Thread(pinned).start();

        assertThat(pinned.get()).isEqualTo(core);
    }
}
