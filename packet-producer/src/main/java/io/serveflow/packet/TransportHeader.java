package io.serveflow.packet;

/** What each transport header offers: its length, and ports or what stands in their place. */
enum TransportHeader {
    TCP(14) {
        @Override
        int length(byte[] data, int start) {
            int length = (data[start + 12] & 0xF0) >>> 2;
            return length < 20 ? 0 : length;
        }
    },
    UDP(4) {
        @Override
        int length(byte[] data, int start) {
            return 8;
        }
    },
    SCTP(4) {
        @Override
        int length(byte[] data, int start) {
            return 12;
        }
    },
    ICMP(4) {
        @Override
        int length(byte[] data, int start) {
            return 8;
        }

        @Override
        int sourcePort(byte[] data, int start) {
            return data[start] & 0xFF; // type
        }

        @Override
        int destinationPort(byte[] data, int start) {
            return data[start + 1] & 0xFF; // code
        }
    },
    /** Any other protocol: no ports, and its header is payload to us. */
    OTHER(0) {
        @Override
        int length(byte[] data, int start) {
            return 0;
        }

        @Override
        int sourcePort(byte[] data, int start) {
            return 0;
        }

        @Override
        int destinationPort(byte[] data, int start) {
            return 0;
        }
    };

    private final int least;

    TransportHeader(int least) {
        this.least = least;
    }

    static TransportHeader of(int protocol) {
        return switch (protocol) {
            case 6 -> TCP;
            case 17 -> UDP;
            case 1, 58 -> ICMP;
            case 132 -> SCTP;
            default -> OTHER;
        };
    }

    /** Bytes that must be there: the ports, for TCP up to the flags. */
    int least() {
        return least;
    }

    /** Length of the header that starts at {@code start}; 0 if it is impossible. */
    abstract int length(byte[] data, int start);

    int sourcePort(byte[] data, int start) {
        return (data[start] & 0xFF) << 8 | data[start + 1] & 0xFF;
    }

    int destinationPort(byte[] data, int start) {
        return (data[start + 2] & 0xFF) << 8 | data[start + 3] & 0xFF;
    }
}
