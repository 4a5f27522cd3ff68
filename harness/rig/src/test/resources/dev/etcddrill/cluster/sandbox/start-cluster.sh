#!/bin/bash
# What somebody would write without etcd-drill: starts rendered members in network namespaces at their own addresses and
# asks each for a linearizable read until it answers. Prints the milliseconds that it took; then ends the members.
# Arguments: directory of the deployment, directory of etcd and etcdctl, bridge, and name=address/prefix of each member.
set -eu
deployment=$1 programs=$2 bridge=$3
shift 3
start=$(date +%s%N)
for member in "$@"; do
    name=${member%%=*} address=${member#*=}
    ip netns add "shell-$name"
    ip link add "sh-$name" type veth peer name eth0 netns "shell-$name"
    ip link set "sh-$name" master "$bridge" up
    ip -n "shell-$name" addr add "$address" dev eth0
    ip -n "shell-$name" link set eth0 up
    ip -n "shell-$name" link set lo up
    mkdir -p -m 700 "$deployment/$name/var/lib/etcd" "$deployment/$name/var/lib/etcd-wal"
    nsenter --net="/run/netns/shell-$name" unshare --mount sh -c "
        mount --bind '$deployment/$name/var' /var
        mount --bind '$deployment/$name/etc' /etc
        exec '$programs/etcd' --config-file=/etc/etcd/etcd.conf.yml" >"$deployment/$name.log" 2>&1 &
done
pki=$deployment/control-plane/etc/kubernetes/pki
probes=
for member in "$@"; do
    address=${member#*=}
    (
        until "$programs/etcdctl" --endpoints="https://${address%/*}:2379" --cacert="$pki/etcd/ca.crt" \
            --cert="$pki/apiserver-etcd-client.crt" --key="$pki/apiserver-etcd-client.key" \
            --dial-timeout=1s --command-timeout=1s get probe; do
            sleep 0.05
        done
    ) >/dev/null 2>&1 &
    probes="$probes $!"
done
for probe in $probes; do
    wait "$probe"
done
end=$(date +%s%N)
kill -KILL $(jobs -p) 2>/dev/null || true
for member in "$@"; do
    ip netns pids "shell-${member%%=*}" | xargs -r kill -KILL 2>/dev/null || true
    ip netns del "shell-${member%%=*}"
done
echo $(((end - start) / 1000000))
