package io.serveflow.classify;

import io.serveflow.flow.UncertainFlow.Cause;
import io.serveflow.model.ServingPlan;
import io.serveflow.testing.Plans;
import io.serveflow.testing.ThisThread;

import org.apache.flink.util.function.SerializableFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

import static io.serveflow.classify.SlowStageTest.uncertain;
import static org.assertj.core.api.Assertions.assertThat;

/** The thread that runs the slow models: how it shares its core, and how it ends. */
@Timeout(120)
class SlowStageThreadTest {

    private static final ServingPlan PLAN = Plans.neverSure();
    private static final SlowLimits LIMITS = new SlowLimits(3, 100, false, 0);

    /** Static, because what runs in an operator must be serialisable. */
    private static final Queue<Integer> niceOfJudge = new ConcurrentLinkedQueue<>();

    private static final BlockingQueue<Thread> judging = new LinkedBlockingQueue<>();
    private static final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();

    @Test
    @EnabledOnOs(OS.LINUX)
    void itsThreadsLetOthersGoFirstAndNoOtherDoes() throws Exception {
        FutureTask<Integer> ownThread = new FutureTask<>(() -> judgedAt(7));
        Thread task = new Thread(ownThread);
        task.start();
        assertThat(ownThread.get()).isEqualTo(7);
        assertThat(niceOfJudge).containsExactly(7);
        assertThat(ThisThread.nice()).isZero();
    }

    /** The nice value that a task's thread has after a flow was judged. */
    private static int judgedAt(int nice) throws Exception {
        SlowLimits limits = new SlowLimits(3, 100, false, nice);
        try (SlowHarness stage =
                new SlowHarness(PLAN, limits, SlowStageThreadTest::tellingNice).open()) {
            stage.ask(uncertain(1, 4, Cause.DEADLINE)).await(1);
        }
        return ThisThread.nice();
    }

    private static SlowJudge tellingNice(SlowJudge models) {
        return flows -> {
            niceOfJudge.add(ThisThread.nice());
            return models.judge(flows);
        };
    }

    @Test
    void goesOnWhereATaskThatEndsTakesNoAnswers() throws Exception {
        try (SlowHarness stage = watched(models -> models)) {
            stage.refuseMail();
            stage.ask(uncertain(1, 1, Cause.DEADLINE));
            Thread afterTheFirst = judging.take();
            stage.ask(uncertain(2, 1, Cause.DEADLINE));

            assertThat(judging.take()).isSameAs(afterTheFirst);
        }
        assertThat(uncaught).isEmpty();
    }

    @Test
    void failsInSilenceWhereATaskThatEndsTakesNoMail() throws Exception {
        SerializableFunction<SlowJudge, SlowJudge> broken =
                models ->
                        flows -> {
                            throw new IllegalStateException("the model broke");
                        };
        try (SlowHarness stage = watched(broken)) {
            stage.refuseMail();
            stage.ask(uncertain(1, 1, Cause.DEADLINE));

            judging.take().join();
        }
        assertThat(uncaught).isEmpty();
    }

    /** A stage whose thread tells when it judges, and what it dies of. */
    private static SlowHarness watched(SerializableFunction<SlowJudge, SlowJudge> around)
            throws Exception {
        judging.clear();
        uncaught.clear();
        SerializableFunction<SlowJudge, SlowJudge> watching =
                models -> {
                    SlowJudge judge = around.apply(models);
                    return flows -> {
                        Thread worker = Thread.currentThread();
                        worker.setUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
                        judging.add(worker);
                        return judge.judge(flows);
                    };
                };
        return new SlowHarness(PLAN, LIMITS, watching).open();
    }
}
