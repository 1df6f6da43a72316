package io.serveflow.schema;

import org.apache.avro.Schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The schemas of every release, from the copies that {@code released/} keeps: a topic may hold
 * records that an earlier producer wrote.
 */
public final class ReleasedSchemas {

    /** Every release that changed a schema has a directory. */
    static final List<String> RELEASES = List.of("0.1");

    private static final List<String> PACKET_TOPIC = List.of("Packet", "Heartbeat", "PacketBatch");

    private ReleasedSchemas() {}

    /** Those of records of the packet topic. */
    public static List<Schema> ofPacketTopic() {
        List<Schema> schemas = new ArrayList<>();
        for (String release : RELEASES) {
            schemas.addAll(of(release, PACKET_TOPIC));
        }
        return schemas;
    }

    /** Those of the records {@code names} in a release; what a schema refers to comes before it. */
    static List<Schema> of(String release, List<String> names) {
        Schema.Parser parser = new Schema.Parser();
        List<Schema> schemas = new ArrayList<>();
        for (String name : names) {
            String path = "/released/" + release + "/" + name + ".avsc";
            try (InputStream file = ReleasedSchemas.class.getResourceAsStream(path)) {
                schemas.add(parser.parse(file));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + path + " of this jar", e);
            }
        }
        return schemas;
    }
}
