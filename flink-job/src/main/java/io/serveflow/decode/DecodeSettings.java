package io.serveflow.decode;

import java.io.Serializable;

/**
 * How packet records are read.
 *
 * @param useVlan whether equal five-tuples on two VLANs are two flows
 * @param partitionIsDomain whether every partition is a wire of its own, whose flows never meet
 * @param outOfOrderNanos how far behind its wire's clock a packet may be, nanoseconds
 * @param maxJumpNanos how far one record may move a wire's clock, nanoseconds
 * @param schemaRegistry address of the schema registry for Confluent records, or null
 */
public record DecodeSettings(
        boolean useVlan,
        boolean partitionIsDomain,
        long outOfOrderNanos,
        long maxJumpNanos,
        String schemaRegistry)
        implements Serializable {}
