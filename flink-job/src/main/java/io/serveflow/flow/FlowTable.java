package io.serveflow.flow;

import io.serveflow.schema.FlowKey;

import java.util.List;

/**
 * Flows by their keys, as numbers rather than as objects: a million answered flows are a few arrays
 * that the garbage collector neither walks through nor moves. Only what waits for a verdict is an
 * object. What is handed out are copies; a change counts once it was put back.
 */
public final class FlowTable implements FlowHandles {

    /** Bits of a handle that are zero, and are not looked at: room for the number of a table. */
    public static final long FREE_IN_HANDLE = 0xFFFF;

    private static final long IPV6_HANDLE = FREE_IN_HANDLE + 1;

    private static final long HASH_OF_HANDLE = -2 * IPV6_HANDLE;

    /** Secrets that tables may share. */
    public static final class Secret {
        private final FlowHash hash = new FlowHash();
    }

    private final FlowSection ipv4;
    private final FlowSection ipv6;
    private final Places<Waiting> waiting = new Places<>();
    private final Places<Flow.Earlier> earlier = new Places<>();

    public FlowTable(Secret secret) {
        ipv4 = new FlowSection(secret.hash, KeyWords.IPV4);
        ipv6 = new FlowSection(secret.hash, KeyWords.IPV6);
    }

    private FlowSection section(FlowKey key) {
        return key.ipv6() ? ipv6 : ipv4;
    }

    public int size() {
        return ipv4.size() + ipv6.size();
    }

    /**
     * The flow as it was put last, or null; what waits is the very object.
     *
     * @param copy becomes that flow: a copy for each packet would be a twentieth of all garbage
     */
    public Flow get(FlowKey key, Flow copy) {
        FlowSection section = section(key);
        int slot = section.find(key);
        if (slot < 0) {
            return null;
        }
        section.read(slot, copy);
        copy.waiting = waiting.get(section.waiting(slot));
        copy.earlier = earlier.get(section.earlier(slot));
        return copy;
    }

    public void put(FlowKey key, Flow flow) {
        FlowSection section = section(key);
        int slot = section.find(key);
        if (slot < 0) {
            slot = section.insert(key, ~slot);
        }
        section.write(slot, flow);
        int waits = section.waiting(slot);
        int goesBack = section.earlier(slot);
        int nowWaits = waiting.replace(waits, flow.waiting);
        int nowGoesBack = earlier.replace(goesBack, flow.earlier);
        if (nowWaits != waits || nowGoesBack != goesBack) {
            section.link(slot, nowWaits, nowGoesBack);
        }
    }

    public void remove(FlowKey key) {
        FlowSection section = section(key);
        int slot = section.find(key);
        if (slot < 0) {
            return;
        }
        waiting.replace(section.waiting(slot), null);
        earlier.replace(section.earlier(slot), null);
        section.remove(slot);
    }

    @Override
    public long handle(FlowKey key) {
        long hash = section(key).hash(key) & HASH_OF_HANDLE;
        return key.ipv6() ? hash | IPV6_HANDLE : hash;
    }

    @Override
    public List<FlowKey> keys(long handle) {
        boolean isIpv6 = (handle & IPV6_HANDLE) != 0;
        return (isIpv6 ? ipv6 : ipv4).keys(handle, HASH_OF_HANDLE);
    }

    /** Writes all flows into an image, which later changes do not reach. */
    public void copyTo(FlowImage image) {
        image.clear();
        FlowSection.LinkVisitor links =
                (waits, goesBack) -> {
                    if (waits > 0) {
                        image.waiting.add(waiting.get(waits).copy());
                    }
                    if (goesBack > 0) {
                        image.earlier.add(earlier.get(goesBack));
                    }
                };
        image.ipv4 = ipv4.pack(image.ipv4, links);
        image.ipv4Flows = ipv4.size();
        image.ipv6 = ipv6.pack(image.ipv6, links);
        image.ipv6Flows = ipv6.size();
    }
}
