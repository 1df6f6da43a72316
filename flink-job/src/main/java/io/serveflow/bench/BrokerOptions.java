package io.serveflow.bench;

import io.serveflow.publish.PublishException;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The broker that is measured along. */
final class BrokerOptions {

    @Option(
            names = "--broker-directory",
            paramLabel = "DIR",
            defaultValue = "${sys:java.io.tmpdir}",
            description =
                    "Where the broker keeps its log (default: ${DEFAULT-VALUE})."
                            + " One in memory, as /dev/shm, leaves the disk out of what is"
                            + " measured.")
    Path directory;

    Rig start(int partitions) throws IOException, PublishException {
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new IOException(
                    directory
                            + " is no directory to write to: name another with --broker-directory");
        }
        return Rig.start(partitions, directory);
    }
}
