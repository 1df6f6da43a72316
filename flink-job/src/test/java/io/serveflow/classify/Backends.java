package io.serveflow.classify;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.configuration.StateSizeTrackOptions;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.StateBackendLoader;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** The places where a cluster may keep state. */
enum Backends {
    MEMORY,
    MEMORY_MEASURED,
    ROCKSDB,
    MEMORY_WITH_CHANGELOG,
    ROCKSDB_WITH_CHANGELOG;

    StateBackend make() {
        return switch (this) {
            case MEMORY -> new HashMapStateBackend();
            case MEMORY_MEASURED -> measured(new HashMapStateBackend());
            case ROCKSDB -> new EmbeddedRocksDBStateBackend();
            case MEMORY_WITH_CHANGELOG -> withChangelog(MEMORY.make());
            case ROCKSDB_WITH_CHANGELOG -> withChangelog(ROCKSDB.make());
        };
    }

    /** With metrics of the size of state, for which Flink serializes what it is given. */
    private static StateBackend measured(HashMapStateBackend backend) {
        Configuration cluster = new Configuration();
        cluster.set(StateSizeTrackOptions.SIZE_TRACK_ENABLED, true);
        cluster.set(StateSizeTrackOptions.SIZE_TRACK_SAMPLE_INTERVAL, 2);
        return backend.configure(cluster, Backends.class.getClassLoader());
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
