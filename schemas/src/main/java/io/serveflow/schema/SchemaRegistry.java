package io.serveflow.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * The two calls of the Confluent schema-registry protocol that we need: register a schema under a
 * subject, fetch one by id. Confluent's own client is not on Maven Central; the protocol is small,
 * stable and spoken by several registries.
 */
public final class SchemaRegistry implements SchemaSource {

    /** The property of Kafka's clients that holds {@code user:password} for a registry. */
    public static final String USER_INFO = "basic.auth.user.info";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final String NO_ADDRESS =
            "an address begins with http:// or https:// and names a host, as http://registry:8081";
    private static final int MAX_SCHEMA_CHARS = 1 << 20;

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI base;
    private final String authorization;

    /**
     * {@code url} may carry {@code user:password@} for basic authentication; what is no address is
     * refused in one line.
     */
    public SchemaRegistry(String url) {
        URI uri = checked(url.endsWith("/") ? url : url + "/");
        String userInfo = uri.getUserInfo();
        if (userInfo == null) {
            base = uri;
            authorization = null;
        } else {
            base = URI.create(uri.toString().replace(uri.getRawUserInfo() + "@", ""));
            byte[] credentials = userInfo.getBytes(StandardCharsets.UTF_8);
            authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
        }
    }

    /**
     * The address {@code url} with credentials in it.
     *
     * @param userInfo {@code user:password}, null for none; what stands in the address wins
     */
    public static String address(String url, String userInfo) {
        URI uri = checked(url);
        if (userInfo == null || uri.getRawUserInfo() != null) {
            return url;
        }
        try {
            return new URI(
                            uri.getScheme(),
                            userInfo,
                            uri.getHost(),
                            uri.getPort(),
                            uri.getPath(),
                            uri.getQuery(),
                            null)
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(NO_ADDRESS);
        }
    }

    /** What is refused is not repeated: it may hold a password. */
    private static URI checked(String url) {
        try {
            URI uri = new URI(url);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (SCHEMES.contains(scheme) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // refused as the others are
        }
        throw new IllegalArgumentException(NO_ADDRESS);
    }

    /** Registers {@code schema} under {@code subject}, or finds it there; returns its id. */
    public int register(String subject, Schema schema) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("schema", schema.toString());
        HttpRequest.Builder request =
                request("subjects/" + subject + "/versions")
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        return send(request, "subject " + subject).path("id").asInt();
    }

    @Override
    public Schema schemaById(int id) throws MalformedRecordException {
        try {
            String text =
                    send(request("schemas/ids/" + id).GET(), "schema id " + id)
                            .path("schema")
                            .asText();
            if (text.length() > MAX_SCHEMA_CHARS) {
                throw new MalformedRecordException("schema " + id + " is too large");
            }
            return new Schema.Parser().parse(text);
        } catch (UnknownSchemaException e) {
            throw new MalformedRecordException(e.getMessage(), e);
        } catch (AvroRuntimeException e) {
            throw new MalformedRecordException("schema " + id + " is no Avro schema", e);
        } catch (IOException e) {
            // A registry that is down is a broken environment, not a bad record.
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request;
    }

    private JsonNode send(HttpRequest.Builder request, String what) throws IOException {
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking schema registry " + base, e);
        } catch (IOException e) {
            throw new IOException("schema registry " + base + " does not answer: " + e, e);
        }
        String answer = what + " at schema registry " + base + ": HTTP " + response.statusCode();
        if (response.statusCode() == 404) {
            throw new UnknownSchemaException(answer);
        }
        if (response.statusCode() != 200) {
            throw new IOException(answer);
        }
        return JSON.readTree(response.body());
    }

    private static final class UnknownSchemaException extends IOException {
        private static final long serialVersionUID = 1L;

        UnknownSchemaException(String message) {
            super(message);
        }
    }
}
