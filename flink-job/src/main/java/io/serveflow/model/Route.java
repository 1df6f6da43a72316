package io.serveflow.model;

/** Which way flows take through a plan. */
public enum Route {
    /** As planned: the next stage is asked when this one is not sure. */
    CASCADE,
    /** The models of the first packet answer every flow. */
    FAST,
    /** The last model answers every flow. */
    SLOW
}
