package io.serveflow.pin;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

@EnabledOnOs(OS.LINUX)
class CorePinTest {

    /**
     * For names of threads: the kernel still lists a thread for a moment after its work is done, so
     * each needs a name that none before it had. With a dash behind, since names are found by how
     * they begin.
     */
    private static final AtomicInteger THREADS = new AtomicInteger();

    @Test
    void aPinnedThreadMayUseItsCoreAndNoOther() throws Exception {
        String core = coresOf("").split("[,-]")[0];
        CorePin pin = CorePin.parse(core);

        assertThat(coresAfter(pin, 5)).isEqualTo(core);
    }

    @Test
    void allAreThoseThatThisProcessMayUse() throws Exception {
        CorePin all = CorePin.parse("all");
        int[] allowed = AllowedCores.now();

        for (int slot = 0; slot < allowed.length; slot++) {
            assertThat(coresAfter(all.another(), slot)).isEqualTo(String.valueOf(allowed[slot]));
        }
        assertThat(CoreList.parse(coresOf(""))).isEqualTo(allowed);
    }

    @Test
    void operatorsOfOtherSlotsHaveTheCoresBehind() throws Exception {
        int[] allowed = AllowedCores.now();
        CorePin behind = CorePin.parse("all").after(allowed.length - 1);

        assertThat(coresAfter(behind, 0)).isEqualTo(String.valueOf(allowed[allowed.length - 1]));
        assertThat(coresAfter(behind.another(), 1)).isEqualTo(String.valueOf(allowed[0]));
    }

    @Test
    void aThreadGoesOnWhereACoreIsMissing() throws Exception {
        assertThat(coresAfter(CorePin.parse("4095"), 0)).isEqualTo(coresOf(""));
    }

    private static String coresAfter(CorePin pin, int subtask) throws Exception {
        String name = "pinned-" + THREADS.getAndIncrement() + "-";
        FutureTask<String> cores =
                new FutureTask<>(
                        () -> {
                            pin.pin(subtask);
                            return coresOf(name);
                        });
        new Thread(cores, name).start();
        return cores.get();
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
