package io.serveflow.classify;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** The places where a cluster may keep state. */
enum Backends {
    MEMORY,
    ROCKSDB,
    MEMORY_WITH_CHANGELOG,
    ROCKSDB_WITH_CHANGELOG;

    StateBackend make() {
        return switch (this) {
            case MEMORY -> new HashMapStateBackend();
            case ROCKSDB -> new EmbeddedRocksDBStateBackend();
            case MEMORY_WITH_CHANGELOG -> withChangelog(MEMORY.make());
            case ROCKSDB_WITH_CHANGELOG -> withChangelog(ROCKSDB.make());
        };
    }

    /** As a task does it that has {@code state.changelog.enabled} in its configuration. */
    private static StateBackend withChangelog(StateBackend backend) {
        Configuration cluster = new Configuration();
        cluster.set(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true);
        ClassLoader classes = Backends.class.getClassLoader();
        try {
            return StateBackendLoader.fromApplicationOrConfigOrDefault(
                    backend, new Configuration(), cluster, classes, null);
        } catch (Exception e) {
            throw new IllegalStateException("Flink has no changelog here", e);
        }
    }
}
