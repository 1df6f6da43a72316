package io.serveflow.feature;

import java.util.List;
import java.util.stream.Collectors;

/** The feature sets that a serving plan may ask for. */
public final class FeatureSets {

    private static final List<FeatureSet> ALL =
            List.of(
                    new HeaderFeatures(false),
                    new HeaderFeatures(true),
                    new NprintFeatures(false),
                    new NprintFeatures(true));

    private FeatureSets() {}

    public static List<FeatureSet> all() {
        return ALL;
    }

    /**
     * Finds a set by its name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static FeatureSet named(String name) {
        return ALL.stream()
                .filter(set -> set.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "No feature set \"" + name + "\"; there are " + names()));
    }

    private static String names() {
        return ALL.stream().map(FeatureSet::name).collect(Collectors.joining(", "));
    }
}
