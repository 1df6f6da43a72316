package io.serveflow.types;

/**
 * A serializer of records that nobody changes after they were emitted: copies are the record
 * itself.
 */
abstract class MessageSerializer<T> extends HandWrittenSerializer<T> {

    private static final long serialVersionUID = 1L;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public T copy(T from) {
        return from;
    }
}
