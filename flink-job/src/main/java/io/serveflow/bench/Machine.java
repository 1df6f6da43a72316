package io.serveflow.bench;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a figure was measured on. */
final class Machine {

    private Machine() {}

    /** Now is before: what follows puts load on the machine itself. */
    static void noteLoad() {
        // Asked when this class is loaded, which is here.
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    static Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cores", cores());
        json.put("cpu", firstValue("/proc/cpuinfo", "model name"));
        // A cloud's name for a processor may hide generations that differ by half.
        json.put("cpu_family", firstValue("/proc/cpuinfo", "cpu family"));
        json.put("cpu_model", firstValue("/proc/cpuinfo", "model\t"));
        json.put("memory_gib", memoryGib());
        json.put(
                "os",
                System.getProperty("os.name")
                        + " "
                        + System.getProperty("os.version")
                        + " "
                        + System.getProperty("os.arch"));
        json.put(
                "jdk",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        json.put("heap_gib", round(Runtime.getRuntime().maxMemory() / (double) (1L << 30)));
        json.put("gc", collectors());
        json.put(
                "jvm_options",
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(a -> a.startsWith("-X"))
                        .collect(Collectors.joining(" ")));
        json.put("load_average_before", LOAD_BEFORE);
        return json;
    }

    /** Of the last minute; above zero before the start means that others used the machine too. */
    private static final double LOAD_BEFORE =
            round(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());

    /** One line for a person. */
    static String text() {
        Map<String, Object> json = json();
        return String.format(
                "%s cores (%s, family %s, model %s), %s GiB, %s, heap %s GiB, %s, load before %s",
                json.get("cores"),
                json.get("cpu"),
                json.get("cpu_family"),
                json.get("cpu_model"),
                json.get("memory_gib"),
                json.get("jdk"),
                json.get("heap_gib"),
                json.get("gc"),
                json.get("load_average_before"));
    }

    private static String collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", "));
    }

    private static double memoryGib() {
        String total = firstValue("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return total.isEmpty() ? Double.NaN : round(Long.parseLong(total) / (double) (1L << 20));
    }

    private static String firstValue(String file, String key) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // not Linux
        }
    }

    private static double round(double value) {
        return Math.round(10 * value) / 10.0;
    }
}
