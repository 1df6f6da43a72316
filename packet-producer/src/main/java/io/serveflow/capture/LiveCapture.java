package io.serveflow.capture;

import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.PcapStat;

import java.io.EOFException;
import java.io.IOException;
import java.sql.Timestamp;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Frames of a network interface, through the system's libpcap. Ends when told to, and with an
 * exception when the interface goes away; while the wire is silent it says so, because nothing else
 * would move time on.
 */
public final class LiveCapture implements CaptureReader {

    /**
     * What to listen to.
     *
     * @param networkInterface name of the interface; {@code any} for all
     * @param filter what to keep, in libpcap's filter language; empty = all
     * @param snapLength bytes to keep of a frame
     * @param bufferBytes room for frames that wait to be read; more of it loses fewer
     */
    public record Settings(
            String networkInterface, String filter, int snapLength, int bufferBytes) {}

    /** How long the kernel may gather frames before it hands them over. */
    private static final int GATHER_MILLIS = 10;

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Settings settings;
    private final PcapHandle handle;
    private final int linkType;
    private final Runnable whenSilent;
    private final BooleanSupplier stopped;
    private String finalDrops;

    LiveCapture(
            Settings settings, PcapHandle handle, Runnable whenSilent, BooleanSupplier stopped) {
        this.settings = settings;
        this.handle = handle;
        this.linkType = handle.getDlt().value();
        this.whenSilent = whenSilent;
        this.stopped = stopped;
    }

    /**
     * Starts to capture.
     *
     * @param whenSilent called by {@link #next} while nothing comes
     * @param stopped whether the capture shall end
     * @throws CaptureFormatException if the interface cannot be listened to, with the remedy
     */
    public static LiveCapture open(Settings settings, Runnable whenSilent, BooleanSupplier stopped)
            throws IOException {
        String name = settings.networkInterface();
        try {
            PcapHandle handle =
                    new PcapHandle.Builder(name)
                            .snaplen(settings.snapLength())
                            .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                            .timeoutMillis(GATHER_MILLIS)
                            .bufferSize(settings.bufferBytes())
                            .timestampPrecision(TimestampPrecision.NANO)
                            .build();
            // On Linux a blocking read waits for a frame however long the wire is silent.
            handle.setBlockingMode(BlockingMode.NONBLOCKING);
            if (!settings.filter().isEmpty()) {
                handle.setFilter(settings.filter(), BpfCompileMode.OPTIMIZE);
            }
            return new LiveCapture(settings, handle, whenSilent, stopped);
        } catch (PcapNativeException | NotOpenException e) {
            throw new CaptureFormatException(
                    "interface " + name,
                    "cannot be captured (" + String.valueOf(e.getMessage()).trim() + ")",
                    "check its name (ip link), the filter, and that this user may capture");
        } catch (LinkageError e) {
            throw new CaptureFormatException(
                    "interface " + name,
                    "cannot be captured without libpcap",
                    "install it (apt install libpcap0.8), or pipe: tcpdump -i "
                            + name
                            + " -U -w - | serveflow capture -t -");
        }
    }

    @Override
    public boolean next(CapturedFrame frame) throws IOException {
        while (!stopped.getAsBoolean()) {
            byte[] data = read();
            if (data != null) {
                fill(frame, data);
                return true;
            }
            whenSilent.run();
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }

    /** The next frame, or null while there is none. */
    private byte[] read() throws IOException {
        try {
            return handle.getNextRawPacketEx();
        } catch (TimeoutException e) {
            return null;
        } catch (PcapNativeException e) {
            throw failed(e.getMessage() + "; capture again when it is back", e);
        } catch (EOFException | NotOpenException e) {
            throw failed("was closed while reading", e);
        }
    }

    private IOException failed(String how, Exception cause) {
        return new IOException(name() + ": " + how, cause);
    }

    private void fill(CapturedFrame frame, byte[] data) {
        Timestamp time = handle.getTimestamp();
        frame.timeNanos =
                TimeUnit.SECONDS.toNanos(Math.floorDiv(time.getTime(), 1000L)) + time.getNanos();
        frame.linkType = linkType;
        frame.data = data;
        frame.offset = 0;
        frame.captureLength = data.length;
        frame.length = Math.max(handle.getOriginalLength(), data.length);
    }

    /** What the kernel and the interface lost: {@code 0 dropped by the kernel, 0 by eth0}. */
    public String drops() {
        return finalDrops == null ? dropsSoFar() : finalDrops;
    }

    private String dropsSoFar() {
        try {
            PcapStat stat = handle.getStats();
            return String.format(
                    "%,d dropped by the kernel, %,d by %s",
                    stat.getNumPacketsDropped(),
                    stat.getNumPacketsDroppedByIf(),
                    settings.networkInterface());
        } catch (PcapNativeException | NotOpenException e) {
            return "drops unknown: " + e.getMessage();
        }
    }

    @Override
    public String name() {
        return "interface " + settings.networkInterface();
    }

    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    public List<CaptureDamage> damage() {
        return List.of();
    }

    @Override
    public void close() {
        finalDrops = dropsSoFar();
        handle.close();
    }
}
