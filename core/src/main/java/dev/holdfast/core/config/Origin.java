package dev.holdfast.core.config;

/** Where a value comes from: a line of the file, or nowhere, which is the default. */
public record Origin(String file, int line) {
    static final Origin DEFAULT = new Origin("", 0);

    public boolean isDefault() {
        return line == 0;
    }

    @Override
    public String toString() {
        return isDefault() ? "default" : file + ":" + line;
    }
}
