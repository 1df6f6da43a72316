package io.serveflow.flow;

import io.serveflow.schema.FlowKey;

import java.util.List;

/** Short stand-ins for flows, good as long as the table is: what must name a million of them. */
public interface FlowHandles {

    /** The handle of a flow, whether it is there or not. */
    long handle(FlowKey key);

    /** Keys of the flows that are there and have this handle: as a rule one, or none any more. */
    List<FlowKey> keys(long handle);
}
