package io.serveflow.local;

import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;

import org.apache.flink.configuration.ConfigOption;

import java.time.Duration;
import java.util.Locale;

/** The job's options as a Markdown table, from the options themselves. */
public final class OptionTable {

    private OptionTable() {}

    /** The table of the README; a test holds the two together. */
    public static String markdown() {
        StringBuilder table = new StringBuilder("| option | default | what |\n|---|---|---|\n");
        for (ConfigOption<?> option : JobOptions.ALL) {
            table.append("| `--").append(option.key()).append("` | ");
            if (option.hasDefaultValue()) {
                table.append('`').append(defaultText(option)).append('`');
            }
            table.append(" | ").append(JobSettings.text(option)).append(" |\n");
        }
        return table.toString();
    }

    static String defaultText(ConfigOption<?> option) {
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
