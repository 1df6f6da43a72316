package io.serveflow.schema;

/** A flow key in 56 bytes of memory. */
final class Ipv6FlowKey extends FlowKey {

    private final long lowAddressHigh;
    private final long lowAddressLow;
    private final long highAddressHigh;
    private final long highAddressLow;

    Ipv6FlowKey(
            long lowAddressHigh,
            long lowAddressLow,
            long highAddressHigh,
            long highAddressLow,
            int ports,
            int attributes,
            int domain) {
        super(ports, attributes, domain);
        this.lowAddressHigh = lowAddressHigh;
        this.lowAddressLow = lowAddressLow;
        this.highAddressHigh = highAddressHigh;
        this.highAddressLow = highAddressLow;
    }

    @Override
    public long lowAddressHigh() {
        return lowAddressHigh;
    }

    @Override
    public long lowAddressLow() {
        return lowAddressLow;
    }

    @Override
    public long highAddressHigh() {
        return highAddressHigh;
    }

    @Override
    public long highAddressLow() {
        return highAddressLow;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ipv6FlowKey that
                && lowAddressLow == that.lowAddressLow
                && highAddressLow == that.highAddressLow
                && lowAddressHigh == that.lowAddressHigh
                && highAddressHigh == that.highAddressHigh
                && sameButAddresses(that);
    }
}
