package io.serveflow.capture;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Opens captures by what is in them: pcap or pcapng, plain or in gzip. The name says nothing, users
 * rename files.
 */
public final class Captures {

    /** Stands for standard input in place of a file. */
    public static final Path STANDARD_INPUT = Path.of("-");

    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int ZSTD_MAGIC = 0x28B52FFD;
    private static final int SNOOP_MAGIC = 0x736E6F6F;
    private static final String EXPECTED =
            "expected pcap or pcapng, as tcpdump -w and Wireshark write them";

    private Captures() {}

    /** Several captures as one wire, in time order; see {@link MergedCapture}. */
    public static CaptureReader open(List<Path> files) throws IOException {
        return files.size() == 1 ? open(files.get(0)) : new MergedCapture(files);
    }

    /**
     * Looks into a file, so that a wrong one is told before anything else happens because of it. A
     * pipe is left alone: it can be read once only.
     *
     * @throws CaptureFormatException if it is no capture
     */
    public static void check(Path file) throws IOException {
        boolean pipe = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
        if (!pipe && !file.equals(STANDARD_INPUT)) {
            open(file).close();
        }
    }

    /** Opens a file, or standard input for {@code -}. */
    public static CaptureReader open(Path file) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            return open(System.in, "standard input");
        }
        String name = file.toString();
        InputStream in;
        try {
            if (Files.isDirectory(file)) {
                throw new CaptureFormatException(
                        name, "is a directory", "name the capture files in it");
            }
            in = Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new CaptureFormatException(name, "does not exist", "check the path");
        } catch (AccessDeniedException e) {
            throw new CaptureFormatException(
                    name, "may not be read by this user", "check its permissions");
        }
        return open(in, name);
    }

    /**
     * Opens a stream, which the reader closes.
     *
     * @param name what messages call it
     * @throws CaptureFormatException if it is no capture
     */
    public static CaptureReader open(InputStream in, String name) throws IOException {
        try {
            CountingStream stored = new CountingStream(in);
            return open(new CaptureInput(stored, decompressed(stored, name), name));
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static CaptureReader open(CaptureInput input) throws IOException {
        String name = input.name();
        if (!input.need(Integer.BYTES)) {
            if (input.compressedDataBroken()) {
                throw damagedGzip(name);
            }
            String problem = input.offset() == 0 && !input.need(1) ? "is empty" : "is no capture";
            throw new CaptureFormatException(name, problem, EXPECTED);
        }
        input.bigEndian(true);
        int magic = input.int32(0);
        return switch (magic) {
            case PcapReader.MICROSECONDS, PcapReader.NANOSECONDS -> new PcapReader(input, magic);
            case PcapNgReader.SECTION_HEADER -> new PcapNgReader(input);
            case ZSTD_MAGIC ->
                    throw new CaptureFormatException(
                            name, "is compressed with zstd", "decompress it first (zstd -d)");
            case SNOOP_MAGIC ->
                    throw new CaptureFormatException(
                            name, "is a snoop file", "convert it with editcap -F pcapng");
            default -> {
                int reversed = Integer.reverseBytes(magic);
                if (reversed == PcapReader.MICROSECONDS || reversed == PcapReader.NANOSECONDS) {
                    yield new PcapReader(input, magic);
                }
                throw new CaptureFormatException(
                        name,
                        String.format("is no capture (it starts with %08x)", magic),
                        EXPECTED);
            }
        };
    }

    private static InputStream decompressed(InputStream in, String name) throws IOException {
        PushbackInputStream peekable = new PushbackInputStream(in, 2);
        byte[] start = peekable.readNBytes(2);
        peekable.unread(start);
        if (start.length < 2 || ((start[0] & 0xFF) << 8 | start[1] & 0xFF) != GZIP_MAGIC) {
            return peekable;
        }
        try {
            return new GzipStream(peekable);
        } catch (EOFException | ZipException e) {
            throw damagedGzip(name);
        }
    }

    private static CaptureFormatException damagedGzip(String name) {
        return new CaptureFormatException(
                name, "starts like gzip, but is damaged", "copy or capture it again");
    }
}
