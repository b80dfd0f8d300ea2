package dev.holdfast.agent.engine;

import java.util.Comparator;

/** A version of the engine's interface, such as 1.41. */
record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    private static final Comparator<ApiVersion> ORDER =
            Comparator.comparingInt(ApiVersion::major).thenComparingInt(ApiVersion::minor);

    /** The oldest that any engine of the last ten years speaks, when what it says is no version. */
    static ApiVersion parse(String text) {
        return text.matches("[0-9]{1,4}\\.[0-9]{1,4}")
                ? new ApiVersion(
                        Integer.parseInt(text.substring(0, text.indexOf('.'))),
                        Integer.parseInt(text.substring(text.indexOf('.') + 1)))
                : new ApiVersion(1, 24);
    }

    /** This version, or what is nearest to it of those from {@code oldest} to {@code newest}. */
    ApiVersion between(ApiVersion oldest, ApiVersion newest) {
        ApiVersion notTooNew = compareTo(newest) > 0 ? newest : this;
        return notTooNew.compareTo(oldest) < 0 ? oldest : notTooNew;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
