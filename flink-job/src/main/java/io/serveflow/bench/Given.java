package io.serveflow.bench;

import io.serveflow.local.UsageException;

/** Numbers that a command was given, looked at before anything starts. */
final class Given {

    private Given() {}

    /** {@code name}: of the option. */
    static void positive(String name, double value) {
        refuseUnless(value > 0 && Double.isFinite(value), name, "more than 0", value);
    }

    static void notNegative(String name, double value) {
        refuseUnless(value >= 0 && Double.isFinite(value), name, "0 or more", value);
    }

    /** From 1 to {@code most}. */
    static void among(String name, long value, long most) {
        refuseUnless(value >= 1 && value <= most, name, "1 to " + most, value);
    }

    private static void refuseUnless(boolean good, String name, String wanted, double value) {
        if (!good) {
            String given = value == (long) value ? String.valueOf((long) value) : "" + value;
            throw new UsageException(name + " must be " + wanted + ", but is " + given);
        }
    }
}
