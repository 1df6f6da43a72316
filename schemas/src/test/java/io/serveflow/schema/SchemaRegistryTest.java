package io.serveflow.schema;

import io.serveflow.avro.Packet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void takesCredentialsThatStandBesideTheAddress() throws IOException {
        SchemaRegistry registry =
                new SchemaRegistry(SchemaRegistry.address(server.url(), "me:can%/@ry"));
        registry.register("packets-value", Packet.getClassSchema());

        assertThat(server.authorizations).containsExactly("Basic bWU6Y2FuJS9Acnk=");
        assertThat(SchemaRegistry.address("https://you:there@host/x", "me:canary"))
                .isEqualTo("https://you:there@host/x");
        assertThat(SchemaRegistry.address("https://host/x", null)).isEqualTo("https://host/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8081",
                "registry",
                "",
                "//registry:8081",
                "http://",
                "http:registry",
                "ftp://registry",
                "http://a b"
            })
    void refusesWhatIsNoAddress(String url) {
        assertThatThrownBy(() -> new SchemaRegistry(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("an address begins with http:// or https://");
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
