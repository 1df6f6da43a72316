package io.serveflow.bench;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of this process by part, at one moment. Java threads tell by {@link ThreadMXBean}, those
 * of the JVM itself (collector, compiler) by the kernel, where there is a Linux; what neither tells
 * is {@code other}.
 */
final class CpuTimes {

    private static final Path TASKS = Path.of("/proc/self/task");

    private final Map<String, Long> nanos = new HashMap<>();
    private final Map<String, String> parts = new HashMap<>();
    private final long total;

    private CpuTimes() {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        total = system.getProcessCpuTime();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        ThreadInfo[] infos = threads.getThreadInfo(ids);
        for (int i = 0; i < ids.length; i++) {
            long cpu = threads.getThreadCpuTime(ids[i]);
            if (infos[i] != null && cpu >= 0) {
                put("java-" + ids[i], ThreadParts.ofJava(infos[i].getThreadName()), cpu);
            }
        }
        if (Files.isDirectory(TASKS)) {
            readKernel();
        }
    }

    private void readKernel() {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                readKernel(task);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readKernel(Path task) {
        try {
            String part = ThreadParts.ofJvm(Files.readString(task.resolve("comm")).trim());
            if (part != null) {
                String schedule = Files.readString(task.resolve("schedstat"));
                long cpu = Long.parseLong(schedule.substring(0, schedule.indexOf(' ')));
                put("kernel-" + task.getFileName(), part, cpu);
            }
        } catch (IOException ended) {
            return; // the thread ended meanwhile: its time counts as other
        }
    }

    private void put(String thread, String part, long cpu) {
        nanos.put(thread, cpu);
        parts.put(thread, part);
    }

    static CpuTimes now() {
        return new CpuTimes();
    }

    /** Seconds of CPU since {@code before}, by part; {@code total} is the whole process. */
    Map<String, Double> since(CpuTimes before) {
        Map<String, Double> seconds = new TreeMap<>();
        double known = 0;
        for (Map.Entry<String, Long> thread : nanos.entrySet()) {
            long earlier = before.nanos.getOrDefault(thread.getKey(), 0L);
            double spent = (thread.getValue() - earlier) / 1e9;
            seconds.merge(parts.get(thread.getKey()), spent, Double::sum);
            known += spent;
        }
        double all = (total - before.total) / 1e9;
        seconds.merge(ThreadParts.OTHER, Math.max(0, all - known), Double::sum);
        seconds.put("total", all);
        return seconds;
    }
}
