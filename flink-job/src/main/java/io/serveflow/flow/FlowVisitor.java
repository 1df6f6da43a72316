package io.serveflow.flow;

import io.serveflow.schema.FlowKey;

/** Takes flows one after the other. */
@FunctionalInterface
public interface FlowVisitor<X extends Exception> {

    void visit(FlowKey key, Flow flow) throws X;
}
