# Sourced by the launchers. find_java [PROGRAM] sets java_home and java_version to a Java of at least 17 that has
# bin/PROGRAM (default: java), or returns 1. Files are read rather than programs run: starting a JVM only to ask for its
# version would cost more than many a command.

java_needed=17

# holds_java DIR PROGRAM
holds_java() {
    [ -n "$1" ] && [ -x "$1/bin/$2" ] || return 1
    java_home=$1
    java_version=
    if [ -r "$1/release" ]; then
        while IFS='=' read -r key value; do
            if [ "$key" = JAVA_VERSION ]; then
                value=${value#\"}
                java_version=${value%%\"*}
                break
            fi
        done <"$1/release"
    fi
    if [ -z "$java_version" ]; then
        java_version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
    fi
    java_major=${java_version%%[!0-9]*}
    [ -n "$java_major" ] && [ "$java_major" -ge "$java_needed" ]
}

find_java() {
    program=${1:-java}
    holds_java "${JAVA_HOME:-}" "$program" && return 0

    on_path=$(command -v "$program" 2>/dev/null) || on_path=
    if [ -n "$on_path" ]; then
        on_path=$(readlink -f "$on_path" 2>/dev/null || printf '%s' "$on_path")
        holds_java "${on_path%/bin/*}" "$program" && return 0
    fi

    for candidate in /usr/lib/jvm/* /opt/java/openjdk; do
        holds_java "$candidate" "$program" && return 0
    done

    if [ -x /usr/libexec/java_home ]; then
        candidate=$(/usr/libexec/java_home -v "$java_needed+" 2>/dev/null) || candidate=
        holds_java "$candidate" "$program" && return 0
    fi
    return 1
}
