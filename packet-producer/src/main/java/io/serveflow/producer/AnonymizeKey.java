package io.serveflow.producer;

import io.serveflow.packet.Anonymizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Reads the key of the anonymizer, in the forms that nfdump's nfanon takes. */
final class AnonymizeKey {

    private static final int LONGEST_FILE = 1024;

    private AnonymizeKey() {}

    /** An anonymizer with the key in {@code file}: 32 characters, or 64 hexadecimal digits. */
    static Anonymizer read(Path file) {
        String text;
        try {
            if (Files.size(file) > LONGEST_FILE) {
                throw unusable(file);
            }
            text = Files.readString(file, StandardCharsets.ISO_8859_1).stripTrailing();
        } catch (IOException e) {
            throw unusable(file);
        }
        if (text.matches("(0x)?[0-9a-fA-F]{64}")) {
            return new Anonymizer(HexFormat.of().parseHex(text.substring(text.length() - 64)));
        }
        if (text.length() != 32) {
            throw unusable(file);
        }
        return new Anonymizer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static IllegalArgumentException unusable(Path file) {
        return new IllegalArgumentException(
                "--anonymize-key "
                        + file
                        + " must be a file with a key of 32 characters or 64 hexadecimal digits");
    }
}
