package io.serveflow.local;

import io.serveflow.testing.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A job whose packets have nowhere to come from says so, and does not read another topic. */
class DeletedTopicITCase {

    @Test
    void tellsThatTheTopicIsGoneAndThatAnotherHasItsName() throws Exception {
        try (TestKafka kafka = TestKafka.start().run("deleted")) {
            Map<String, String> options = new HashMap<>(kafka.options());
            options.put("job.parallelism", "1");
            try (ToldJob job = new ToldJob(options);
                    Admin admin = kafka.connection().admin()) {
                kafka.publish(0, 1000);
                kafka.read(1); // a job that runs may not have asked for the topic yet

                admin.deleteTopics(List.of(kafka.packets())).all().get();
                job.awaitLine("topic packets-deleted does not exist (any more)");

                kafka.run("deleted");
                job.awaitLine("topic packets-deleted was deleted and made again");
            }
        }
    }
}
