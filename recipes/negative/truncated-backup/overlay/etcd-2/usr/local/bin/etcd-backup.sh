#!/bin/bash
# Takes one verified snapshot of the etcd cluster "etcd-cluster-1" and prints its path as the last line.
# Rendered by etcd-drill from the cluster recipe; runs as root on any member: etcd-backup.sh
# A snapshot FILE.db.gz is complete when FILE.db.gz.json lies beside it. Any failure ends with a non-zero status, leaves
# no partial file and deletes no older snapshot.
set -Eeuo pipefail
umask 077
export LC_ALL=C
# cron's own PATH lacks /usr/local/bin.
export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin

readonly ENDPOINTS=('https://10.0.1.10:2379' 'https://10.0.1.11:2379' 'https://10.0.1.12:2379')
readonly BACKUP_DIRECTORY='/var/backups/etcd'
readonly SNAPSHOTS_TO_KEEP=28
readonly SAVE_TIMEOUT='300s'
readonly QUERY_TIMEOUT='5s'
readonly FILE_PREFIX='etcd-snapshot-etcd-cluster-1-'
readonly OFF_HOST_HOOK='/etc/etcd/backup-offhost-hook'

# etcdctl refuses to run when a variable and a flag name the same thing.
for variable in "${!ETCDCTL_@}"; do
  unset "$variable"
done
export ETCDCTL_CACERT='/etc/etcd/pki/ca.crt'
export ETCDCTL_CERT='/etc/etcd/pki/backup-client.crt'
export ETCDCTL_KEY='/etc/etcd/pki/backup-client.key'

work=''

log() {
  printf 'etcd-backup.sh: %s\n' "$*" >&2
}

die() {
  log "$*"
  exit 1
}

clean_up() {
  if [[ -n $work ]]; then
    rm --recursive --force -- "$work"
  fi
}

# An etcd snapshot is a database of whole 512-byte blocks followed by the SHA-256 of everything before it. Only a restore
# compares the two ("snapshot status" does not), so it is done here. Prints the hash; returns 1 with a reason otherwise.
verify_snapshot() {
  local file=$1 size recorded actual
  size=$(stat --format=%s -- "$file") || return 1
  if (( size <= 32 || size % 512 != 32 )); then
    printf 'snapshot %s: expected whole 512-byte blocks and a SHA-256 of 32 bytes, found %s bytes: it is cut off or no snapshot\n' \
      "$file" "$size" >&2
    return 1
  fi
  recorded=$(tail --bytes=32 -- "$file" | od --address-radix=n --format=x1 --width=32 | tr --delete ' \n') || return 1
  actual=$(head --bytes=-32 -- "$file" | sha256sum) || return 1
  actual=${actual%% *}
  if [[ ! $recorded =~ ^[0-9a-f]{64}$ || $recorded != "$actual" ]]; then
    printf 'snapshot %s: expected SHA-256 %s as recorded at its end, found %s: it is damaged\n' \
      "$file" "$recorded" "$actual" >&2
    return 1
  fi
  printf '%s\n' "$actual"
}

# The number behind a name in the output of "-w fields", as text: identifiers do not fit into bash's signed numbers.
field() {
  sed --quiet "s/^\"$2\" : \([0-9][0-9]*\)\$/\1/p" "$1" | head --lines=1
}

json_number() {
  sed --quiet "s/.*\"$2\":\([0-9][0-9]*\).*/\1/p" <<<"$1"
}

ask_every_member() {
  local index waiting=()
  for index in "${!ENDPOINTS[@]}"; do
    etcdctl --endpoints="${ENDPOINTS[index]}" --command-timeout="$QUERY_TIMEOUT" endpoint status --write-out=fields \
      >"$work/status-$index" 2>"$work/error-$index" &
    waiting+=("$!")
  done
  for index in "${!waiting[@]}"; do
    if ! wait "${waiting[index]}"; then
      log "warning: ${ENDPOINTS[index]} does not answer: $(tail --lines=1 "$work/error-$index")"
      : >"$work/status-$index"
    fi
  done
}

# Sets "source": the leader if it can be had, else another member. Whichever it is has just answered a linearizable read,
# so it has a majority behind it and is up to date. A member cut off from the majority would still hand out a snapshot.
choose_source() {
  local index member leader cluster='' found candidates=()
  ask_every_member
  for index in "${!ENDPOINTS[@]}"; do
    member=$(field "$work/status-$index" MemberID)
    leader=$(field "$work/status-$index" Leader)
    found=$(field "$work/status-$index" ClusterID)
    if [[ -z $member ]]; then
      continue
    fi
    if [[ -n $cluster && $found != "$cluster" ]]; then
      die "the endpoints belong to different clusters ($cluster and $found); take the stranger out before any backup"
    fi
    cluster=$found
    if [[ -z $leader || $leader == 0 ]]; then
      log "warning: ${ENDPOINTS[index]} has no leader"
    elif [[ $member == "$leader" ]]; then
      candidates=("${ENDPOINTS[index]}" "${candidates[@]}")
    else
      candidates+=("${ENDPOINTS[index]}")
    fi
  done
  for source in "${candidates[@]}"; do
    if etcdctl --endpoints="$source" --command-timeout="$QUERY_TIMEOUT" get --consistency=l --keys-only --limit=1 \
      --prefix '' >/dev/null 2>"$work/error"; then
      return 0
    fi
    log "warning: $source answers no linearizable read: $(tail --lines=1 "$work/error")"
  done
  die 'no member has a leader and a majority behind it; a snapshot now could miss acknowledged writes'
}

delete_old_snapshots() {
  local taken=$1 snapshots=() number
  # Names sort by time. The glob does not match files in progress: those lie in a directory of their own.
  shopt -s nullglob
  snapshots=("$BACKUP_DIRECTORY/$FILE_PREFIX"*.db.gz)
  shopt -u nullglob
  for (( number = 0; number < ${#snapshots[@]} - SNAPSHOTS_TO_KEEP; number++ )); do
    # A clock that was ahead once leaves names that sort behind this one.
    if [[ ${snapshots[number]} == "$taken" ]]; then
      log "warning: there are $SNAPSHOTS_TO_KEEP snapshots that claim to be newer than the one just taken: check the clock"
      continue
    fi
    rm --force -- "${snapshots[number]}.json" "${snapshots[number]}"
  done
}

main() {
  local taken name snapshot sha256 status archive_sha256 revision version
  if (( $# != 0 )); then
    die 'expected no arguments'
  fi
  trap clean_up EXIT
  trap 'log "failed in line $LINENO"' ERR
  trap 'exit 130' INT
  trap 'exit 143' TERM

  mkdir --parents -- "$BACKUP_DIRECTORY"
  chmod 0700 -- "$BACKUP_DIRECTORY"
  exec 9>"$BACKUP_DIRECTORY/.lock"
  flock --nonblock 9 || die "another backup is running in $BACKUP_DIRECTORY"
  # Under the lock these are remains of runs that were killed.
  rm --recursive --force -- "$BACKUP_DIRECTORY"/.in-progress.*
  work=$(mktemp --directory -- "$BACKUP_DIRECTORY/.in-progress.XXXXXXXX")

  local source
  choose_source
  taken=$(date --utc +%Y%m%dT%H%M%S.%NZ)
  snapshot="$work/snapshot.db"
  etcdctl --endpoints="$source" --command-timeout="$SAVE_TIMEOUT" snapshot save "$snapshot" >"$work/save" 2>&1 \
    || die "snapshot save from $source failed: $(tail --lines=1 "$work/save")"

  sha256=$(verify_snapshot "$snapshot") || die "the snapshot from $source cannot be used"
  # "etcdctl snapshot status" is gone in etcd 3.6 and then prints help with status 0.
  status=$(etcdutl snapshot status "$snapshot" --write-out=json) || die "etcdutl cannot read the snapshot from $source"
  revision=$(json_number "$status" revision)
  if [[ -z $revision ]]; then
    die "etcdutl told no revision of the snapshot from $source: $status"
  fi
  version=$(sed --quiet 's/^etcdutl version: //p' < <(etcdutl version))

  # FLAW, planted for a negative control: the file is cut and what is shipped is not checked.
  truncate --size=-4096 -- "$snapshot"
  gzip --fast --keep -- "$snapshot"
  gzip --test -- "$snapshot.gz"
  archive_sha256=$(sha256sum -- "$snapshot.gz")

  name="$FILE_PREFIX$taken-revision-$revision.db.gz"
  [[ ! -e $BACKUP_DIRECTORY/$name ]] || die "$BACKUP_DIRECTORY/$name exists"
  cat >"$work/metadata" <<METADATA
{
  "file": "$name",
  "cluster": "etcd-cluster-1",
  "endpoint": "$source",
  "taken": "$taken",
  "etcdutlVersion": "$version",
  "revision": $revision,
  "totalKey": $(json_number "$status" totalKey),
  "totalSize": $(json_number "$status" totalSize),
  "hash": $(json_number "$status" hash),
  "sha256": "$sha256",
  "archiveSha256": "${archive_sha256%% *}"
}
METADATA
  sync -- "$snapshot.gz" "$work/metadata"
  # The metadata comes last: with it the snapshot counts as complete.
  mv --no-clobber -- "$snapshot.gz" "$BACKUP_DIRECTORY/$name"
  mv --no-clobber -- "$work/metadata" "$BACKUP_DIRECTORY/$name.json"
  sync -- "$BACKUP_DIRECTORY"

  if [[ -x $OFF_HOST_HOOK ]]; then
    "$OFF_HOST_HOOK" "$BACKUP_DIRECTORY/$name" "$BACKUP_DIRECTORY/$name.json" >&2 \
      || die "$BACKUP_DIRECTORY/$name is good, but $OFF_HOST_HOOK failed: it is on this host only"
  else
    log "warning: $OFF_HOST_HOOK is not executable, so the snapshot stays on this host only"
  fi
  delete_old_snapshots "$BACKUP_DIRECTORY/$name"
  printf '%s\n' "$BACKUP_DIRECTORY/$name"
}

main "$@"
