package io.serveflow.pin;

import java.util.stream.IntStream;

/** Cores as people write them: {@code 0-3,8,10-11}, as the kernel does, too. */
public final class CoreList {

    private static final int MAX_CORE = 4095;

    private CoreList() {}

    /**
     * Parses a list.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static int[] parse(String text) {
        IntStream cores = IntStream.empty();
        for (String range : text.split(",")) {
            String[] ends = range.trim().split("-", 2);
            int from = core(ends[0], text);
            int to = ends.length == 1 ? from : core(ends[1], text);
            if (to < from) {
                throw unreadable(text);
            }
            cores = IntStream.concat(cores, IntStream.rangeClosed(from, to));
        }
        return cores.toArray();
    }

    private static int core(String number, String text) {
        try {
            int core = Integer.parseInt(number.trim());
            if (core < 0 || core > MAX_CORE) {
                throw unreadable(text);
            }
            return core;
        } catch (NumberFormatException e) {
            throw unreadable(text);
        }
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no list of cores; write none, all, or for example 0-3,8");
    }
}
