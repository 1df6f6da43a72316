package io.serveflow.bench;

import io.serveflow.pin.ThreadAffinities;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** On which cores the threads of each part may run: the kernel's word, not what was asked for. */
final class PartAffinities {

    private PartAffinities() {}

    /** Lists of cores by part, for the threads that live now; nothing where there is no Linux. */
    static Map<String, String> now() throws IOException {
        Map<String, TreeSet<String>> cores = new TreeMap<>();
        ThreadAffinities.byThread()
                .forEach(
                        (thread, list) -> {
                            String name = thread.substring(0, thread.lastIndexOf(" #"));
                            String part = ThreadParts.ofKernel(name);
                            if (!part.equals(ThreadParts.OTHER)) {
                                cores.computeIfAbsent(part, p -> new TreeSet<>()).add(list);
                            }
                        });
        return cores.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                e -> String.join(" or ", e.getValue()),
                                (one, other) -> one,
                                TreeMap::new));
    }
}
