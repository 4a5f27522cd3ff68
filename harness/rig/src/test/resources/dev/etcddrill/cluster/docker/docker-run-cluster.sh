#!/bin/bash
# What somebody would write without etcd-drill: runs rendered members in containers at their own addresses and asks each for
# a linearizable read until it answers. Prints the milliseconds that it took; then removes the containers.
# Arguments: directory of the deployment, directory of etcdctl, network, image, and name=address of each member.
set -eu
deployment=$1 programs=$2 network=$3 image=$4
shift 4
start=$(date +%s%N)
for member in "$@"; do
    name=${member%%=*} address=${member#*=}
    mkdir -p -m 700 "$deployment/$name/var/lib/etcd" "$deployment/$name/var/lib/etcd-wal"
    docker run --detach --name "shell-$name" --network "$network" --ip "$address" --user 0 --publish 127.0.0.1::2379 \
        --volume "$deployment/$name/etc/etcd:/etc/etcd" --volume "$deployment/$name/var/lib/etcd:/var/lib/etcd" \
        --volume "$deployment/$name/var/lib/etcd-wal:/var/lib/etcd-wal" \
        --entrypoint etcd "$image" --config-file=/etc/etcd/etcd.conf.yml >/dev/null &
done
wait
pki=$deployment/control-plane/etc/kubernetes/pki
probes=
for member in "$@"; do
    (
        until "$programs/etcdctl" --endpoints="https://${member#*=}:2379" --cacert="$pki/etcd/ca.crt" \
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
for member in "$@"; do
    docker rm --force --volumes "shell-${member%%=*}" >/dev/null
done
echo $(((end - start) / 1000000))
