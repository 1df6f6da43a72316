package io.serveflow.job;

import org.apache.flink.util.ParameterTool;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** The job's options as they are written on a command line. */
final class Arguments {

    /** What Flink's tool gives a key that is followed by none. */
    private static final String NO_VALUE = "__NO_VALUE_KEY";

    private Arguments() {}

    /** Reads {@code --key value} and {@code --key=value}. */
    static Map<String, String> read(String[] args) {
        Map<String, String> given;
        try {
            String[] words = Arrays.stream(args).flatMap(Arguments::words).toArray(String[]::new);
            given = ParameterTool.fromArgs(words).toMap();
        } catch (RuntimeException e) {
            throw new OptionException(
                    JobSettings.firstLine(e) + "; options are given as --key value, see --help", e);
        }
        given.forEach(Arguments::refuseMissingValue);
        return given;
    }

    private static Stream<String> words(String argument) {
        return argument.startsWith("--")
                ? Arrays.stream(argument.split("=", 2))
                : Stream.of(argument);
    }

    private static void refuseMissingValue(String key, String value) {
        if (value.equals(NO_VALUE) || value.isEmpty()) {
            throw new OptionException("--" + key + " needs a value, see --help");
        }
    }
}
