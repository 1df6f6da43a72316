package io.serveflow.local;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The version that the build wrote into a resource. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new String[] {"serveflow " + version.strip()};
        }
    }
}
