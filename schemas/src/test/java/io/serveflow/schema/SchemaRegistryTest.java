package io.serveflow.schema;

import io.serveflow.avro.Packet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SchemaRegistryTest {

    private RegistryServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RegistryServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void findsWhatItRegistered() throws IOException {
        SchemaRegistry registry = new SchemaRegistry(server.url());
        int id = registry.register("packets-value", Packet.getClassSchema());

        assertThat(registry.register("packets-value", Packet.getClassSchema())).isEqualTo(id);
        assertThat(registry.schemaById(id)).isEqualTo(Packet.getClassSchema());
    }

    @Test
    void sendsCredentialsOfTheUrlInTheHeaderOnly() throws IOException {
        SchemaRegistry registry = new SchemaRegistry("http://me:canary@" + server.address());
        registry.register("packets-value", Packet.getClassSchema());

        assertThat(server.authorizations).containsExactly("Basic bWU6Y2FuYXJ5");
    }

    @Test
    void unknownIdIsTheRecordsFault() {
        WriterSchemas schemas = WriterSchemas.withRegistryAt(server.url());

        assertThatThrownBy(() -> schemas.fingerprintOf(99))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("schema id 99")
                .hasMessageContaining("404");
    }

    @Test
    void schemaThatIsNoneIsTheRecordsFault() {
        server.addText(5, "{\"type\": \"nonsense\"}");
        WriterSchemas schemas = WriterSchemas.withRegistryAt(server.url());

        assertThatThrownBy(() -> schemas.fingerprintOf(5))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("no Avro schema");
    }

    @Test
    void registryThatIsDownIsNobodysRecordsFaultAndNamedWithoutItsPassword() {
        String address = server.address();
        server.close();
        WriterSchemas schemas =
                new WriterSchemas(new SchemaRegistry("http://me:canary@" + address));

        assertThatThrownBy(() -> schemas.fingerprintOf(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(address)
                .hasMessageNotContaining("canary");
    }
}
