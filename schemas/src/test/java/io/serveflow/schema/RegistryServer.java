package io.serveflow.schema;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.apache.avro.Schema;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A schema registry on the loopback interface that speaks the two calls we make. */
final class RegistryServer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    final List<String> authorizations = new ArrayList<>();
    private final Map<Integer, String> schemas = new LinkedHashMap<>();
    private final HttpServer server;

    RegistryServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/subjects/", this::register);
        server.createContext("/schemas/ids/", this::schema);
        server.start();
    }

    String url() {
        return "http://" + address();
    }

    String address() {
        return "localhost:" + server.getAddress().getPort();
    }

    void add(int id, Schema schema) {
        schemas.put(id, schema.toString());
    }

    void addText(int id, String text) {
        schemas.put(id, text);
    }

    private void register(HttpExchange exchange) throws IOException {
        String schema = JSON.readTree(exchange.getRequestBody()).path("schema").asText();
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        int id = schemas.size() + 1;
        for (Map.Entry<Integer, String> known : schemas.entrySet()) {
            id = known.getValue().equals(schema) ? known.getKey() : id;
        }
        schemas.put(id, schema);
        answer(exchange, 200, "{\"id\":" + id + "}");
    }

    private void schema(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String schema = schemas.get(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
        if (schema == null) {
            answer(exchange, 404, "{\"error_code\":40403}");
        } else {
            answer(exchange, 200, JSON.createObjectNode().put("schema", schema).toString());
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
