package io.serveflow.capture;

/**
 * An interface of a pcapng section: its link type and what its time stamps count.
 *
 * @param linkType link type of its frames
 * @param snapLength most bytes captured of a frame, 0 = unlimited
 * @param resolution if_tsresol: the top bit chooses powers of two over powers of ten
 * @param offsetSeconds if_tsoffset: seconds to add to every time stamp
 */
record PcapNgInterface(int linkType, int snapLength, int resolution, long offsetSeconds) {

    static final int MICROSECONDS = 6;

    /** A time outside of what 64 bits of nanoseconds can count. */
    static final long IMPOSSIBLE = -1;

    private static final long NANOS = 1_000_000_000L;
    private static final long MAX_SECONDS = Long.MAX_VALUE / NANOS - 1;
    private static final int LARGEST_POWER_OF_TEN = 18;

    /** Nanoseconds since the epoch for a time stamp, which is an unsigned 64-bit number. */
    long nanos(long stamp) {
        int exponent = resolution & 0x7F;
        boolean powerOfTwo = (resolution & 0x80) != 0;
        if (powerOfTwo ? exponent >= Long.SIZE : exponent > LARGEST_POWER_OF_TEN) {
            return IMPOSSIBLE;
        }
        return powerOfTwo ? binary(stamp, exponent) : decimal(stamp, exponent);
    }

    private long decimal(long stamp, int exponent) {
        long unitsPerSecond = powerOfTen(exponent);
        long seconds = Long.divideUnsigned(stamp, unitsPerSecond);
        long rest = Long.remainderUnsigned(stamp, unitsPerSecond);
        long fraction =
                exponent <= 9 ? rest * powerOfTen(9 - exponent) : rest / powerOfTen(exponent - 9);
        return combine(seconds, fraction);
    }

    private long binary(long stamp, int exponent) {
        long seconds = exponent == 0 ? stamp : stamp >>> exponent;
        long rest = stamp & ((1L << exponent) - 1);
        // 30 bits of a second are finer than a nanosecond and leave room for the product.
        int bits = Math.min(exponent, 30);
        return combine(seconds, (rest >>> (exponent - bits)) * NANOS >>> bits);
    }

    private long combine(long seconds, long fraction) {
        if (seconds < 0 || seconds > MAX_SECONDS) {
            return IMPOSSIBLE;
        }
        if (offsetSeconds < -seconds || offsetSeconds > MAX_SECONDS - seconds) {
            return IMPOSSIBLE;
        }
        return (seconds + offsetSeconds) * NANOS + fraction;
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}
