package io.serveflow.job;

import org.apache.flink.configuration.ConfigOption;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The options of the job for a person at a terminal. */
public final class JobHelp {

    private JobHelp() {}

    static boolean wanted(String[] args) {
        return args.length > 0 && (args[0].equals("--help") || args[0].equals("-h"));
    }

    static String text() {
        return "Classifies network flows, Kafka in, Kafka out. Options:\n"
                + String.join("\n", options())
                + "\n";
    }

    /** Two lines for each option. */
    public static List<String> options() {
        List<String> lines = new ArrayList<>();
        for (ConfigOption<?> option : JobOptions.ALL) {
            String standard =
                    option.hasDefaultValue() ? " (default: " + defaultText(option) + ")" : "";
            lines.add("  --" + option.key() + standard);
            lines.add("        " + JobSettings.text(option));
        }
        return lines;
    }

    /** An option's default as it is written on the command line. */
    public static String defaultText(ConfigOption<?> option) {
        Object value = option.defaultValue();
        if (value instanceof Duration duration) {
            return duration.toMillis() % 1000 == 0
                    ? duration.toSeconds() + " s"
                    : duration.toMillis() + " ms";
        }
        if (value instanceof Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return String.valueOf(value);
    }
}
