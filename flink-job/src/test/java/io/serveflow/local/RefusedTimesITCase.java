package io.serveflow.local;

import io.serveflow.broker.EmbeddedBroker;
import io.serveflow.publish.KafkaConnection;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code capture} into a topic that somebody made with Kafka's own settings. */
class RefusedTimesITCase {

    private static final int FRAMES = 2000;
    private static final int YEAR_2020 = 1_577_836_800;
    private static final int YEAR_2055 = Integer.parseUnsignedInt("2713219200");

    @TempDir Path directory;

    @Test
    void onePacketFromTheFutureDoesNotEndTheCapture() throws Exception {
        Ran ran = capture(YEAR_2055, "--pps", "2000");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err())
                .anyMatch(line -> line.contains("2,000 frames read ="))
                .anyMatch(line -> line.contains("topic packets refuses capture times more than 60"))
                .anyMatch(
                        line ->
                                line.contains("Kafka did not take")
                                        && line.contains("raise message.timestamp.after.max.ms"))
                .noneMatch(line -> line.contains("may get no verdict"));
    }

    @Test
    void closingHeartbeatsThatAreRefusedAreTold() throws Exception {
        Ran ran = capture(YEAR_2020, "--topspeed", "--shift-to-now", "--drain", "120min");

        assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err())
                .anyMatch(line -> line.contains("2,000 packets published"))
                .anyMatch(
                        line ->
                                line.contains("Kafka did not take 12 heartbeats")
                                        && line.contains("so flows that wait may get no verdict"));
    }

    /** Publishes frames of one second of 2020, the 200th at another time. */
    private Ran capture(int odd, String... options) throws Exception {
        Path file = Files.write(directory.resolve("capture.pcap"), frames(odd));
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            KafkaConnection kafka = new KafkaConnection(broker.bootstrapServers(), Map.of());
            try (Admin admin = kafka.admin()) {
                admin.createTopics(List.of(new NewTopic("packets", 4, (short) 1))).all().get();
            }
            String[] command = new String[options.length + 4];
            command[0] = "capture";
            command[1] = file.toString();
            command[2] = "--kafka.bootstrap-servers";
            command[3] = broker.bootstrapServers();
            System.arraycopy(options, 0, command, 4, options.length);
            return Ran.command(command);
        }
    }

    /** The first frames of the bundled capture, at times of their own. */
    private static byte[] frames(int odd) throws Exception {
        ByteBuffer all;
        try (var in = RefusedTimesITCase.class.getResourceAsStream("/capture/testbed.pcap")) {
            all = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
        int at = 24;
        for (int i = 0; i < FRAMES; i++) {
            all.putInt(at, i == 200 ? odd : YEAR_2020).putInt(at + 4, i * 100);
            at += 16 + all.getInt(at + 8);
        }
        byte[] frames = new byte[at];
        all.get(0, frames);
        return frames;
    }
}
