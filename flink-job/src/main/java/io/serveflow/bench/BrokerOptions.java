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
            description =
                    "Where the broker keeps its log (default: the directory for temporary files)."
                            + " One in memory, as /dev/shm, leaves the disk out of what is"
                            + " measured.")
    Path directory;

    Path parent() {
        return directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    }

    Rig start(int partitions) throws IOException, PublishException {
        Path parent = parent();
        if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new IOException(
                    parent + " is no directory to write to: name another with --broker-directory");
        }
        return Rig.start(partitions, parent);
    }
}
