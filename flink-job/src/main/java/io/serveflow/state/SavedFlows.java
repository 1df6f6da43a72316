package io.serveflow.state;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowImage;
import io.serveflow.flow.FlowVisitor;
import io.serveflow.schema.FlowKey;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateFunction;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

import java.util.ArrayList;
import java.util.List;

/**
 * The two forms in which flows are part of a snapshot: one by one, or as images of whole tables. A
 * job may go on with another state backend than the one that saved its flows, so either store reads
 * both.
 */
public final class SavedFlows {

    /** Names of the states in every savepoint. */
    public static final ValueStateDescriptor<Flow> FLOW =
            new ValueStateDescriptor<>("flow", StreamTypes.FLOW);

    private static final ValueStateDescriptor<FlowImage> TABLE =
            new ValueStateDescriptor<>("flow-table", StreamTypes.FLOW_IMAGE);

    private final KeyedStateBackend<FlowKey> backend;
    private final ValueState<Flow> flows;
    private final ValueState<FlowImage> images;

    SavedFlows(KeyedStateStore store, KeyedStateBackend<FlowKey> backend) {
        this.backend = backend;
        flows = store.getState(FLOW);
        images = store.getState(TABLE);
    }

    /** Flows one by one, of the current key. */
    ValueState<Flow> flows() {
        return flows;
    }

    /** Images of tables, under a key of their key group. */
    ValueState<FlowImage> images() {
        return images;
    }

    /** Hands out the flows of all images, and takes these out of the state. */
    void drainImages(FlowVisitor<Exception> visitor) throws Exception {
        List<FlowKey> keys = new ArrayList<>();
        List<FlowImage> saved = new ArrayList<>();
        forEach(
                TABLE,
                (key, state) -> {
                    keys.add(key);
                    saved.add(state.value());
                });
        clear(keys, images);
        for (FlowImage image : saved) {
            image.forEach(visitor);
        }
    }

    /** Hands out the flows that were saved one by one, and takes them out of the state. */
    void drainFlows(FlowVisitor<Exception> visitor) throws Exception {
        List<FlowKey> keys = new ArrayList<>();
        forEach(
                FLOW,
                (key, state) -> {
                    keys.add(key);
                    visitor.visit(key, state.value());
                });
        clear(keys, flows);
    }

    /** Hands out the keys of flows that were saved one by one, each the current one. */
    void forEachFlow(KeyedStateFunction<FlowKey, ValueState<Flow>> visitor) throws Exception {
        forEach(FLOW, visitor);
    }

    private void clear(List<FlowKey> keys, ValueState<?> of) {
        for (FlowKey key : keys) {
            backend.setCurrentKey(key);
            of.clear();
        }
    }

    /** The backend knows whether it may be read while it is walked over. */
    private <S extends State, T> void forEach(
            StateDescriptor<S, T> descriptor, KeyedStateFunction<FlowKey, S> visitor)
            throws Exception {
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor, visitor);
    }
}
