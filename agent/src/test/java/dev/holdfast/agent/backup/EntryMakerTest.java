package dev.holdfast.agent.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.files.ExtendedAttribute;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.FileType;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.Timestamp;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EntryMakerTest {
    private static final Status FOLDER = new Status(
            FileType.DIRECTORY, 0755, 0, 0, 0, 0, new Timestamp(1, 0), new Timestamp(1, 0), 1, 1, 1, 0, false);

    private final List<String> told = new ArrayList<>();
    private final EntryMaker entries =
            new EntryMaker(FileSystemView.open().owners(), 1, (path, reason) -> told.add(reason));

    private Entry withAttributes(int count) {
        List<ExtendedAttribute> attributes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attributes.add(new ExtendedAttribute(("user." + i).getBytes(StandardCharsets.US_ASCII), new byte[60_000]));
        }
        return entries.make(EntryPath.ROOT, FOLDER, new byte[0], attributes);
    }

    @Test
    void attributesThatFitAreKept() {
        assertThat(withAttributes(60).attributes()).hasSize(60);
        assertThat(told).isEmpty();
    }

    @Test
    void attributesThatAreTooManyAreLeftOutAndTold() {
        Entry entry = withAttributes(80);
        assertThat(entry.attributes()).isEmpty();
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).contains("extended attributes of more than");
    }

    @Test
    void anEntryWithoutItsAttributesIsLookedAtAgain() {
        assertThat(entries.unchanged(withAttributes(60), FOLDER)).isTrue();
        assertThat(entries.unchanged(withAttributes(80), FOLDER)).isFalse();
    }
}
