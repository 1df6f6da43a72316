package io.serveflow.schema;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Tells Avro that the classes generated from our schemas may be made from a record's bytes: since
 * 1.12.2 its own decoders refuse every class that nobody vouches for. What others trust stays
 * trusted.
 */
public final class TrustedRecords {

    private static final String PACKAGE = "io.serveflow.avro";

    static {
        ClassSecurityPredicate others = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(
                type -> PACKAGE.equals(type.getPackageName()) || others.isTrusted(type));
    }

    private TrustedRecords() {}

    /** Registers our records, once per JVM however often it is called. */
    public static void register() {
        // The static initialiser has done it.
    }
}
