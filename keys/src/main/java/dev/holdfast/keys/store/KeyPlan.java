package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.recovery.RecoveryKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@link KeyGeneration} is about to do. Nothing is written before {@link #commit}; show the {@link #newRecoveryKey recovery
 * key} first, so that no crash leaves a store whose recovery key nobody ever saw.
 */
public final class KeyPlan implements AutoCloseable {
    /** What happens to one thing. */
    public enum Action {
        MADE,
        KEPT,
        ADOPTED,
        REPLACED,
        WRAPPED,
        UNWRAPPED,
        REMOVED,
        WAITING
    }

    /** One line of the report: what happens to what, in words. */
    public record Step(Action action, String what) {}

    private final KeyStore store;
    private final List<Step> steps = new ArrayList<>();
    private final List<KeyChange> changes = new ArrayList<>();
    private final Map<String, KeyException> passedOver = new LinkedHashMap<>();
    private @Nullable RecoveryKey newRecoveryKey;

    KeyPlan(KeyStore store) {
        this.store = store;
    }

    void note(Action action, String what) {
        steps.add(new Step(action, what));
    }

    /** Writes happen in the order of these calls. */
    void write(KeyEntry entry, byte[] content) {
        changes.add(KeyChange.put(entry, content));
    }

    void remove(KeyEntry entry) {
        changes.add(KeyChange.remove(entry));
    }

    void passOver(KeyException unreadable) {
        passedOver.putIfAbsent(String.valueOf(unreadable.getMessage()), unreadable);
    }

    void created(RecoveryKey recovery) {
        newRecoveryKey = recovery;
    }

    /** Set when this plan makes the recovery key: show it, it is never to be had again. Closed with the plan. */
    public Optional<RecoveryKey> newRecoveryKey() {
        return Optional.ofNullable(newRecoveryKey);
    }

    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** What is wrong with keys that would have been read, and for which others stood in; each once. */
    public List<KeyException> passedOver() {
        return List.copyOf(passedOver.values());
    }

    /** Whether {@link #commit} writes anything. */
    public boolean changesAnything() {
        return !changes.isEmpty();
    }

    /** Writes it all. Interrupted at any point, the next run completes it. */
    public void commit() {
        store.apply(changes);
    }

    /** Wipes the secrets. */
    @Override
    public void close() {
        changes.forEach(KeyChange::wipe);
        if (newRecoveryKey != null) {
            newRecoveryKey.close();
        }
    }
}
