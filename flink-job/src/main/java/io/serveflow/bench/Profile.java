package io.serveflow.bench;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Where the time goes inside each part: samples of the JDK's flight recorder, counted. */
final class Profile implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(10);
    private static final int METHODS = 14;

    private final Recording recording;
    private final Path file;

    private Profile(Recording recording, Path file) {
        this.recording = recording;
        this.file = file;
    }

    /** {@code file}: null = no profile. */
    static Profile start(Path file) {
        if (file == null) {
            return new Profile(null, null);
        }
        Recording recording = new Recording();
        recording.enable("jdk.ExecutionSample").withPeriod(PERIOD);
        recording.enable("jdk.NativeMethodSample").withPeriod(PERIOD);
        recording.start();
        return new Profile(recording, file);
    }

    /** What was measured meanwhile is worth more than the profile, and stands without it. */
    @Override
    public void close() {
        if (recording == null) {
            return;
        }
        try (recording) {
            recording.stop();
            recording.dump(file);
            print();
        } catch (IOException e) {
            System.err.println("bench the profile is lost: " + e);
        }
    }

    private void print() throws IOException {
        Map<String, Map<String, Integer>> methods = new TreeMap<>();
        Map<String, Map<String, Integer>> callers = new TreeMap<>();
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                RecordedThread thread = event.getThread("sampledThread");
                if (thread == null || event.getStackTrace() == null) {
                    continue;
                }
                String part = ThreadParts.ofJava(String.valueOf(thread.getJavaName()));
                var frames = event.getStackTrace().getFrames();
                if (isWaiting(frames.get(0))) {
                    continue;
                }
                count(methods, part, name(frames.get(0)));
                frames.stream()
                        .filter(f -> name(f).startsWith("io.serveflow"))
                        .findFirst()
                        .ifPresent(f -> count(callers, part, name(f)));
            }
        }
        methods.forEach(
                (part, counts) -> {
                    print(part + ": in", counts);
                    print(part + ": for our", callers.getOrDefault(part, Map.of()));
                });
    }

    private static boolean isWaiting(RecordedFrame frame) {
        String name = name(frame);
        return name.contains("epollWait") || name.contains("EPoll.wait") || name.contains("accept");
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static void count(Map<String, Map<String, Integer>> to, String part, String name) {
        to.computeIfAbsent(part, p -> new HashMap<>()).merge(name, 1, Integer::sum);
    }

    private static void print(String title, Map<String, Integer> counts) {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (all == 0) {
            return;
        }
        System.out.printf("%n%s (%d samples)%n", title, all);
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(METHODS)
                .forEach(
                        e ->
                                System.out.printf(
                                        "  %5.1f %%  %s%n",
                                        100.0 * e.getValue() / all, e.getKey()));
    }
}
