package io.serveflow.schema;

/** A flow key in 32 bytes of memory. */
final class Ipv4FlowKey extends FlowKey {

    private final int lowAddress;
    private final int highAddress;

    Ipv4FlowKey(int lowAddress, int highAddress, int ports, int attributes, int domain) {
        super(ports, attributes, domain);
        this.lowAddress = lowAddress;
        this.highAddress = highAddress;
    }

    @Override
    public long lowAddressHigh() {
        return 0;
    }

    @Override
    public long lowAddressLow() {
        return Integer.toUnsignedLong(lowAddress);
    }

    @Override
    public long highAddressHigh() {
        return 0;
    }

    @Override
    public long highAddressLow() {
        return Integer.toUnsignedLong(highAddress);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ipv4FlowKey that
                && lowAddress == that.lowAddress
                && highAddress == that.highAddress
                && sameButAddresses(that);
    }
}
