package io.serveflow.cluster;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Topics are compressed more often than not, and Kafka's client finds the codecs only when it needs
 * one: neither the launcher's class path nor the job jar may lack them.
 */
class CompressedRecordsITCase {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net.jpountz.lz4.LZ4Factory",
                "com.github.luben.zstd.Zstd",
                "org.xerial.snappy.Snappy"
            })
    void haveTheirCodecs(String codec) throws Exception {
        List<URL> launcher = new ArrayList<>();
        for (String file : List.of("launcher.classpath", "runtime.classpath")) {
            launcher.addAll(urls(Path.of("target", file)));
        }
        try (URLClassLoader loader =
                new URLClassLoader(
                        launcher.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThat(Class.forName(codec, true, loader).getClassLoader()).isEqualTo(loader);
        }
        try (JarFile jar = new JarFile("target/serveflow-job.jar")) {
            assertThat(jar.getEntry(codec.replace('.', '/') + ".class")).isNotNull();
        }
    }

    private static List<URL> urls(Path classPath) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : Files.readString(classPath).strip().split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls;
    }
}
