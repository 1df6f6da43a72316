package io.serveflow.job;

import org.apache.flink.configuration.ConfigOption;

/** The options of the job jar for a person at a terminal. */
final class JobHelp {

    private JobHelp() {}

    static boolean wanted(String[] args) {
        return args.length > 0 && (args[0].equals("--help") || args[0].equals("-h"));
    }

    static String text() {
        StringBuilder text =
                new StringBuilder("Classifies network flows, Kafka in, Kafka out. Options:\n");
        for (ConfigOption<?> option : JobOptions.ALL) {
            text.append("  --").append(option.key()).append("\n      ");
            text.append(JobSettings.text(option)).append('\n');
        }
        return text.toString();
    }
}
