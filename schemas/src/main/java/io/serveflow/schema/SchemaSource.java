package io.serveflow.schema;

import org.apache.avro.Schema;

/** Where the schema of a record in the Confluent format is asked for: a registry. */
@FunctionalInterface
public interface SchemaSource {

    /**
     * The schema that is known under {@code id}.
     *
     * @throws MalformedRecordException if there is none, or none of Avro
     */
    Schema schemaById(int id) throws MalformedRecordException;
}
