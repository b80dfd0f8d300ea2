package dev.holdfast.agent.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.OwnerNames;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AclTextTest {
    private final OwnerNames owners = FileSystemView.open().owners();

    @Test
    void whatStarAndBsdtarWriteIsUnderstood() {
        String ours = "user::rw-\nuser:1234:r-x\ngroup::r--\ngroup:77:---\nmask::rwx\nother::--x\n";
        byte[] value = AclText.toValue(ours, owners).orElseThrow();

        assertThat(AclText.of(value)).contains(ours);
        assertThat(AclText.toValue(
                                "other::--x,user:joe:r-x:1234,group:staff:---:77,user::rw-,mask:rwx,group::r--", owners)
                        .orElseThrow())
                .isEqualTo(value);
        assertThat(AclText.toValue(ours.replace("group::r--", "group::r--\t#effective:r--"), owners)
                        .orElseThrow())
                .isEqualTo(value);
        assertThat(AclText.toValue("user:root:r--\n", owners).flatMap(AclText::of))
                .contains("user:0:r--\n");
    }

    @Test
    void whatNamesSomebodyUnknownOrIsNoListIsNotGuessed() {
        assertThat(AclText.toValue("user:nobody-of-this-name:rw-", owners)).isEmpty();
        assertThat(AclText.toValue("user", owners)).isEmpty();
        assertThat(AclText.toValue("friend::rw-", owners)).isEmpty();
        assertThat(AclText.toValue("user::rwz", owners)).isEmpty();
        assertThat(AclText.toValue("", owners)).isEmpty();
        assertThat(AclText.of(new byte[] {2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0})).isEqualTo(Optional.empty());
        assertThat(AclText.of(new byte[3])).isEmpty();
    }
}
