package io.serveflow.local;

import io.serveflow.job.JobHelp;
import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;

import org.apache.flink.configuration.ConfigOption;

/** The job's options as a Markdown table, from the options themselves, as README has it. */
final class OptionTable {

    private OptionTable() {}

    static String markdown() {
        StringBuilder table = new StringBuilder("| option | default | what |\n|---|---|---|\n");
        for (ConfigOption<?> option : JobOptions.ALL) {
            table.append("| `--").append(option.key()).append("` | ");
            if (option.hasDefaultValue()) {
                table.append('`').append(JobHelp.defaultText(option)).append('`');
            }
            table.append(" | ").append(JobSettings.text(option)).append(" |\n");
        }
        return table.toString();
    }
}
