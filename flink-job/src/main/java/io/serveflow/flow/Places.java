package io.serveflow.flow;

import java.util.Arrays;

/** Numbered places for objects, each used again as soon as it is free; numbers start at 1. */
final class Places<T> {

    /** What stands at each place; a free one has the number of the next free place in its stead. */
    private Object[] items = {};

    private int[] nextFree = {};
    private int firstFree;
    private int used;

    int add(T item) {
        int place = firstFree;
        if (place > 0) {
            firstFree = nextFree[place - 1];
        } else {
            if (used == items.length) {
                int length = Math.max(8, used + used / 2);
                items = Arrays.copyOf(items, length);
                nextFree = Arrays.copyOf(nextFree, length);
            }
            place = ++used;
        }
        items[place - 1] = item;
        return place;
    }

    /** Null for place 0. */
    @SuppressWarnings("unchecked")
    T get(int place) {
        return place == 0 ? null : (T) items[place - 1];
    }

    void set(int place, T item) {
        items[place - 1] = item;
    }

    void free(int place) {
        items[place - 1] = null;
        nextFree[place - 1] = firstFree;
        firstFree = place;
    }

    /** What was {@code before} at a place is now {@code item}; null is at no place. */
    int replace(int place, T item) {
        if (get(place) == item) {
            return place;
        }
        if (item == null) {
            free(place);
            return 0;
        }
        if (place == 0) {
            return add(item);
        }
        set(place, item);
        return place;
    }
}
