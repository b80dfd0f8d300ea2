package dev.holdfast.agent.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The system's own programs, which make trees, pack and unpack them, and say whether two are the same. */
final class Programs {
    private static final String LISTING = "find . -printf '%P|%y|%m|%U|%G|%T@|%l|%n|%s\\0'"
            + " | sed -z 's/\\(|d|.*|\\)[0-9]*|[0-9]*$/\\1/' | sort -z | tr '\\0' '\\n'";
    private static final String CONTENT = "find . -type f ! -name huge -print0 | sort -z | xargs -0 -r cksum";
    private static final String ATTRIBUTES =
            "getfattr -R -P -h -d -m - -e hex . 2>&1 | sed 's/^# file: //' | awk 'BEGIN{RS=\"\";ORS=\"\\n\\n\"}"
                    + "{gsub(/\\n/,\"|\");print}' | sort";
    private static final String DEVICES =
            "find . \\( -type c -o -type b \\) -print0 | sort -z | xargs -0 -r stat -c '%n %t %T'";

    /** Every kind of file and metadata that a tar file can hold. */
    static final String EVERYTHING = """
            mkdir -p a/b/c empty 'with space' "$(printf 'folder-\\377')"
            echo hello > a/hello; echo world > a/b/world; : > a/nothing
            head -c 300000 /dev/urandom > a/medium; head -c 9000000 /dev/urandom > a/large
            ln -s hello a/link; ln -s /nowhere/at/all dangling; ln -s ../.. a/b/up; ln -s a folder-link
            ln -s "$(printf 'x%.0s' $(seq 300))" long-link; ln -s "$(printf '\\377')" odd-link
            mkfifo a/fifo
            ln a/hello a/b/second; ln a/hello third; ln a/large 'with space/large again'; ln a/fifo a/b/fifo-again
            truncate -s 5000000 sparse; printf x | dd of=sparse bs=1 seek=3000000 conv=notrunc status=none
            truncate -s 1000000 all-hole; truncate -s 9000000000 huge
            for i in $(seq 0 60); do printf x | dd of=many-holes bs=1 seek=$((i * 40000)) conv=notrunc status=none; done
            printf y | dd of="$(printf 'sparse-\\377')" bs=1 seek=500000 status=none
            printf a > "$(printf 'not-utf8-\\377\\376')"; printf b > "$(printf 'new\\nline')"; printf g > 'ümläut'
            printf c > "$(printf 'folder-\\377/\\200')"; printf d > ' '; printf e > '-n'; printf f > "$(printf '%0255d' 7)"
            printf h > 'back\\slash'
            long="$(printf '%0100d' 1)/$(printf '%0100d' 2)/$(printf '%0100d' 3)"
            mkdir -p "$long"; echo deep > "$long/file"; ln "$long/file" "$long/again"
            chmod 0640 a/hello; chmod 1777 empty; chmod 0400 a/medium; chmod 2750 'with space'; chmod 0711 a/fifo
            touch -d '1965-03-04 05:06:07.123456789' a/hello
            touch -d '1901-12-31 23:59:59.999999999' a/medium
            touch -d '2099-12-31 23:59:58.000000001' a/large
            touch -d '1970-01-01 00:00:00' a/nothing
            touch -h -d '2001-02-03 04:05:06.987654321' a/link
            touch -d '2040-01-01 00:00:00.5' a/fifo
            setfattr -n user.comment -v 'a comment' a/hello; setfattr -n 'user.a=b%c' -v x a/hello
            setfattr -n user.binary -v 0x00ff0a0d20 a/b/world; setfattr -n user.empty -v '' a/b/world
            setfattr -n user.folder -v 'of a folder' a/b; setfattr -n user.root -v 'of the root' .
            setfacl -m u:1234:rw,g:12:r,m:rwx a/b/world; setfacl -d -m g:77:rx a/b; setfacl -m g:88:rwx a/b/c
            cp /bin/true a/suid; chown 5:6 a/suid; chmod 6755 a/suid; chown 1234:5678 a/b/world; chown -h 99:98 a/link
            chown 4000000000:4000000001 empty; chown 7:8 a/fifo; setfattr -n trusted.secret -v 'of root' a/nothing
            setfattr -h -n trusted.link -v 'of a link' dangling
            cp /bin/true a/capable; setcap cap_net_raw+ep a/capable
            mknod a/null c 1 3; mknod a/disk b 7 200; chmod 0666 a/null; chown 1:2 a/disk
            chown 21:22 .; chmod 0751 .
            touch -d '2010-01-01 00:00:00.25' a/b a/b/c a empty "$long" .
            """;

    private Programs() {}

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Whether all are there and may do what they must; says loudly when not. */
    static boolean has(String purpose, String... programs) {
        List<String> missing = Stream.of(programs)
                .filter(program -> Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
                        .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
                .toList();
        if (!missing.isEmpty() || !isRoot()) {
            System.err.println("NOT TESTED: " + purpose + ": needs root and these programs: " + missing);
        }
        return missing.isEmpty() && isRoot();
    }

    /** Runs a script in a folder, which is made; it must succeed. Returns what it printed. */
    static String shell(Path folder, String script) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path output = Files.createTempFile("holdfast-archive", "");
        try {
            ProcessBuilder builder = new ProcessBuilder("timeout", "120", "bash", "-ec", "set -o pipefail; " + script)
                    .directory(folder.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC"));
            int exit = builder.start().waitFor();
            String text = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
            assertThat(exit).as(script + "\n" + text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /** Insists that two trees are the same: names, types, content and all metadata. */
    static void assertSame(Path source, Path other) throws IOException, InterruptedException {
        for (String script : List.of(LISTING, CONTENT, ATTRIBUTES, DEVICES)) {
            assertThat(shell(other, script).lines())
                    .as(script)
                    .containsExactlyElementsOf(shell(source, script).lines().toList());
        }
        assertThat(shell(
                        source,
                        "rsync -n -aHAXS --numeric-ids --exclude huge --checksum --delete -i '" + source + "/' '"
                                + other + "/'"))
                .isEmpty();
    }

    /** Insists that the files with holes have them. */
    static void assertHoles(Path tree) throws IOException, InterruptedException {
        shell(
                tree,
                "for f in sparse all-hole huge many-holes; do [ ! -e $f ] || [ $(($(stat -c %b $f) * 1024)) -lt"
                        + " $(stat -c %s $f) ]; done");
    }
}
