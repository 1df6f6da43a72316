package io.serveflow.flow;

import java.util.Arrays;

/** Numbered places for objects, each used again as soon as it is free; numbers start at 1. */
final class Places<T> {

    private Object[] items = {};

    /** For each free place the next free one; 0 = none. */
    private int[] nextFree = {};

    private int firstFree;
    private int used;

    private int add(T item) {
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

    private void free(int place) {
        items[place - 1] = null;
        nextFree[place - 1] = firstFree;
        firstFree = place;
    }

    /**
     * Puts an item in the stead of what is at a place.
     *
     * @param place 0 = nothing was anywhere
     * @param item null = nothing is to be anywhere
     * @return where the item is now, 0 = nowhere
     */
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
        items[place - 1] = item;
        return place;
    }
}
