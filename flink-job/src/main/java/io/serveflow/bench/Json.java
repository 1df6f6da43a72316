package io.serveflow.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import java.io.IOException;
import java.nio.file.Path;

/** Figures as a file. */
final class Json {

    private Json() {}

    /** {@code file}: null = nobody wants it. */
    static void write(Path file, Object figures) throws IOException {
        if (file != null) {
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValue(file.toFile(), figures);
        }
    }
}
