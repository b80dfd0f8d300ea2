#!/bin/sh
# Makes a base image out of the JDK and the C library of this machine, for places without a registry:
#     image/base-of-this-machine.sh base.tar && mvn -f image -Dimage.base=tar://$PWD/base.tar
# It has Java, what Java needs, libcrypto, and nothing else: no shell, no packages. It ages with this machine: make it anew after updates.

set -eu

[ $# -eq 1 ] || { echo "usage: $0 FILE.tar" >&2; exit 2; }
case $1 in
    /*) target=$1 ;;
    *) target=$PWD/$1 ;;
esac
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root/opt/java" "$root/etc" "$root/tmp" "$root/lib64" "$root/usr/local/bin"
chmod 1777 "$root/tmp"

"$jdk/bin/jlink" --add-modules java.management,java.naming,java.net.http,java.rmi,java.security.jgss,java.security.sasl,java.sql,jdk.crypto.ec,jdk.httpserver,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs \
    --no-header-files --no-man-pages --output "$root/opt/java/openjdk"
# Certificates of authorities are the system's own on most distributions, and no part of the modules.
[ -s "$root/opt/java/openjdk/lib/security/cacerts" ] ||
    cp -L "$jdk/lib/security/cacerts" "$root/opt/java/openjdk/lib/security/cacerts" 2>/dev/null || :
"$root/opt/java/openjdk/bin/java" -Xshare:dump >/dev/null 2>&1 || :

# Libraries go where the loader of this machine looks for them. The program's own native parts need some more than Java does.
libcrypto=$(ls /usr/lib/*/libcrypto.so.3 /usr/lib*/libcrypto.so.3 2>/dev/null | head -n 1)
native=$(CDPATH='' cd -- "$(dirname "$0")/../lib/native" && pwd)
find "$root/opt/java/openjdk" "$native" \( -name '*.so' -o -name java \) -type f -print0 | xargs -0 ldd $libcrypto 2>/dev/null |
    sed -n 's/^.*=> \(\/[^ ]*\) (.*$/\1/p; s/^[[:space:]]*\(\/[^ ]*ld-[^ ]*\) (.*$/\1/p' | sort -u |
    while read -r library; do
        case $library in "$root"/*) continue ;; esac
        mkdir -p "$root$(dirname "$library")"
        cp -L "$library" "$root$library"
    done
if [ -n "$libcrypto" ]; then
    mkdir -p "$root$(dirname "$libcrypto")"
    cp -L "$libcrypto" "$root$libcrypto"
fi
# Without it Java would take file names for ASCII.
mkdir -p "$root/usr/lib/locale"
cp -rL /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"
echo 'root:x:0:0:root:/root:/sbin/nologin' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -cf "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)
case $(uname -m) in
    aarch64 | arm64) architecture=arm64 ;;
    *) architecture=amd64 ;;
esac
cat >"$work/config.json" <<JSON
{"architecture":"$architecture","os":"linux","created":"1970-01-01T00:00:00Z",
 "config":{"Env":["PATH=/opt/java/openjdk/bin:/usr/local/bin:/usr/bin:/bin","JAVA_HOME=/opt/java/openjdk"]},
 "rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},
 "history":[{"created":"1970-01-01T00:00:00Z","created_by":"base-of-this-machine.sh"}]}
JSON
printf '[{"Config":"config.json","RepoTags":["base-of-this-machine:latest"],"Layers":["layer.tar"]}]\n' >"$work/manifest.json"
tar -C "$work" --sort=name --owner=0 --group=0 --mtime=@0 -cf "$target" manifest.json config.json layer.tar
