package io.serveflow.types;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

import java.util.Objects;

/**
 * Type information that consists of a class and its hand-written serializer. Everything that
 * crosses the network or sits in state has one, so that nothing falls to Kryo.
 */
public final class StreamType<T> extends TypeInformation<T> {

    private static final long serialVersionUID = 1L;

    /**
     * By name, because who reads a class out of a job graph runs its initialiser. For an Avro
     * record that is Avro's parser, which leaves something of itself in the thread: in a session
     * cluster's JobManager that would keep the class loader of every job that was ever submitted.
     */
    private final String typeName;

    private final TypeSerializer<T> serializer;
    private final boolean key;

    StreamType(Class<T> type, TypeSerializer<T> serializer, boolean key) {
        this.typeName = type.getName();
        this.serializer = serializer;
        this.key = key;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer;
    }

    public TypeSerializer<T> serializer() {
        return serializer;
    }

    @Override
    public boolean isKeyType() {
        return key;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Class<T> getTypeClass() {
        try {
            ClassLoader loader = serializer.getClass().getClassLoader();
            return (Class<T>) Class.forName(typeName, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof StreamType;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamType<?> that
                && typeName.equals(that.typeName)
                && serializer.equals(that.serializer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(typeName);
    }

    @Override
    public String toString() {
        return typeName;
    }
}
