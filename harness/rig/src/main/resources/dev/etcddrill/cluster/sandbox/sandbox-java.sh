#!/bin/sh
# Written by etcd-drill for one build: stands for java, and runs it as init of its own network, mount and process
# namespaces. When the owner of the sandbox ends, by whatever signal, the sandbox gets a few seconds to write its report
# and is then ended; the kernel removes everything that was made inside.
owner=@OWNER@
export ETCD_DRILL_SANDBOX=@MODE@
# Where ip, chroot and losetup are; an ordinary user's PATH often lacks it.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# Field 22 of stat is the start time: a process id alone may have been given to somebody else meanwhile. The command in
# field 2 may hold blanks, so count from its closing parenthesis. A process that ended (state Z or X) counts as gone even
# where nobody has collected it, as in a container without an init.
started() {
    sed -n 's/^.*) \([^ZX] .*\)$/\1/p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

sandbox=$$
sandbox_started=$(started "$sandbox")
owner_started=$(started "$owner")
(
    trap '' TERM # it is a child of the sandbox's process itself, and must outlive it
    while [ "$(started "$owner")" = "$owner_started" ] && [ -n "$owner_started" ]; do
        [ "$(started "$sandbox")" = "$sandbox_started" ] || exit 0
        sleep 0.3
    done
    # The JVM inside is the child of unshare; it may not have noticed that its owner is gone.
    for child in $(cat "/proc/$sandbox/task/$sandbox/children" 2>/dev/null); do
        kill -TERM "$child" 2>/dev/null
    done
    for tick in 1 2 3 4 5 6 7 8 9 10 11 12; do
        [ "$(started "$sandbox")" = "$sandbox_started" ] || exit 0
        sleep 0.3
    done
    [ "$(started "$sandbox")" = "$sandbox_started" ] && kill -KILL "$sandbox"
) </dev/null >/dev/null 2>&1 &

exec @UNSHARE@ @JAVA@ "$@"
