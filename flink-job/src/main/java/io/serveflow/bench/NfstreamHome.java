package io.serveflow.bench;

import io.serveflow.local.Narrator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Python with NFStream: a virtual environment in the user's cache, made once, with pinned
 * packages from wherever the user's pip gets them.
 */
final class NfstreamHome {

    private static final List<String> PACKAGES =
            List.of("nfstream==6.6.0", "onnxruntime==1.28.0", "numpy<3");

    private static final long PATIENCE_MINUTES = 10;

    private NfstreamHome() {}

    /**
     * The interpreter.
     *
     * @throws IOException if it cannot be had; the message says why in one line
     */
    static Path python(Narrator narrator) throws IOException, InterruptedException {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache);
        Path home = base.resolve("serveflow").resolve("nfstream-6.6.0");
        Path python = home.resolve("bin").resolve("python");
        Path complete = home.resolve("complete");
        if (Files.exists(complete)) {
            return python;
        }
        narrator.say("installing NFStream into %s, once", home);
        Files.createDirectories(home.getParent());
        Path log = Files.createTempFile("serveflow-nfstream-", ".log");
        run(log, List.of("python3", "-m", "venv", "--clear", home.toString()));
        List<String> install =
                new ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "--quiet"));
        install.addAll(PACKAGES);
        run(log, install);
        run(log, List.of(python.toString(), "-c", "import nfstream, onnxruntime"));
        Files.createFile(complete);
        Files.delete(log); // of interest only to whoever is told where it is
        return python;
    }

    /** Whoever ends this program while pip is at work ends pip. */
    private static void run(Path log, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try (ChildProcess child = ChildProcess.start(builder)) {
            if (!child.process().waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("NFStream could not be installed in time; see " + log);
            }
            if (child.process().exitValue() != 0) {
                throw new IOException(
                        "NFStream cannot be installed here; pip's words are in " + log);
            }
        }
    }
}
