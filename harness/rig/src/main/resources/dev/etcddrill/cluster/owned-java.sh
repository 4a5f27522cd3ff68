#!/bin/sh
# Written by etcd-drill for one build: stands for java. When the owner of the run ends, by whatever signal, the JVM gets a
# few seconds to write its report and is then ended; a guard of the runtime removes what it left.
owner=@OWNER@

# Field 22 of stat is the start time: a process id alone may have been given to somebody else meanwhile. The command in
# field 2 may hold blanks, so count from its closing parenthesis. A process that ended (state Z or X) counts as gone.
started() {
    sed -n 's/^.*) \([^ZX] .*\)$/\1/p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

jvm=$$
jvm_started=$(started "$jvm")
owner_started=$(started "$owner")
(
    trap '' TERM
    while [ "$(started "$owner")" = "$owner_started" ] && [ -n "$owner_started" ]; do
        [ "$(started "$jvm")" = "$jvm_started" ] || exit 0
        sleep 0.3
    done
    [ "$(started "$jvm")" = "$jvm_started" ] && kill -TERM "$jvm"
    for tick in 1 2 3 4 5 6 7 8 9 10 11 12; do
        [ "$(started "$jvm")" = "$jvm_started" ] || exit 0
        sleep 0.3
    done
    [ "$(started "$jvm")" = "$jvm_started" ] && kill -KILL "$jvm"
) </dev/null >/dev/null 2>&1 &

exec @JAVA@ "$@"
