#!/bin/bash
# Makes member etcd-2 of the etcd cluster "etcd-cluster-1" ready to start from a snapshot, as a new cluster.
# Rendered by etcd-drill from the cluster recipe; runs as root, with etcd and every kube-apiserver stopped:
#   etcd-restore.sh SNAPSHOT [ATTEMPT]
# SNAPSHOT is a .db or .db.gz file: the same one on every member. ATTEMPT is any word, the same on every member; it is
# needed only when the same snapshot was restored on this host before, because two clusters must not share an identity.
# Old data is moved aside, never deleted.
set -Eeuo pipefail
umask 077
export LC_ALL=C
export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin

readonly MEMBER_NAME='etcd-2'
readonly PEER_URL='https://10.0.1.11:2380'
readonly INITIAL_CLUSTER='etcd-1=https://10.0.1.10:2380,etcd-2=https://10.0.1.11:2380,etcd-3=https://10.0.1.12:2380'
readonly INITIAL_CLUSTER_TOKEN='etcd-cluster-1'
readonly DATA_DIRECTORY='/var/lib/etcd'
readonly WAL_DIRECTORY='/var/lib/etcd-wal/wal'
readonly QUOTA_BACKEND_BYTES=4294967296
# FLAW, planted for a negative control: revisions are not bumped, so they go back.
readonly TOKEN_RECORD='/etc/etcd/restored-token'
readonly DATA_RECORD='/etc/etcd/data-record'

work=''
data_staging=''
wal_staging=''

log() {
  printf 'etcd-restore.sh: %s\n' "$*" >&2
}

die() {
  log "$*"
  exit 1
}

clean_up() {
  local directory
  for directory in "$work" "$data_staging" "$wal_staging"; do
    if [[ -n $directory ]]; then
      rm --recursive --force -- "$directory"
    fi
  done
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

# Ends the script where etcd runs on this host.
require_stopped() {
  local file
  # A running etcd holds locks on its database and on its log, wherever it listens.
  shopt -s nullglob
  for file in "$DATA_DIRECTORY"/member/snap/db "$DATA_DIRECTORY"/member/wal/*.wal "$WAL_DIRECTORY"/*.wal; do
    [[ -e $file ]] || continue
    flock --nonblock --exclusive "$file" true || die "etcd is running: it holds $file; stop it first"
  done
  shopt -u nullglob
  # One with other directories would take the ports.
  if timeout 2 bash -c 'exec 3<>/dev/tcp/127.0.0.1/2379' 2>/dev/null; then
    die 'something answers on 127.0.0.1:2379; stop etcd first'
  fi
}

require_same_release() {
  local server tool
  server=$(sed --quiet 's/^etcd Version: //p' < <(etcd --version))
  tool=$(sed --quiet 's/^etcdutl version: //p' < <(etcdutl version))
  if [[ -z $server || ${server%.*} != "${tool%.*}" ]]; then
    die "expected etcd and etcdutl of one minor release, found etcd \"$server\" and etcdutl \"$tool\""
  fi
}

# A place on the same file system as the directory, so that the last step is a rename.
staging_for() {
  if mountpoint --quiet -- "$1"; then
    printf '%s/.restore-%s' "$1" "$$"
  else
    printf '%s.restore-%s' "$1" "$$"
  fi
}

# Puts a restored directory in the place of another, which is moved aside.
replace_directory() {
  local directory=$1 restored=$2 aside entry
  chown --recursive --no-dereference etcd:etcd -- "$restored"
  shopt -s dotglob nullglob
  if mountpoint --quiet -- "$directory"; then
    # A mounted directory stays; what is in it moves.
    aside="$directory/before-restore-$moment"
    for entry in "$directory"/*; do
      case ${entry##*/} in
        lost+found | before-restore-* | .restore-*) ;;
        *)
          mkdir --parents -- "$aside"
          mv --no-clobber -- "$entry" "$aside/"
          ;;
      esac
    done
    mv --no-clobber -- "$restored"/* "$directory/"
    rmdir -- "$restored"
  else
    aside="$directory.before-restore-$moment"
    if [[ -e $directory ]]; then
      mv --no-target-directory -- "$directory" "$aside"
    fi
    mv --no-target-directory -- "$restored" "$directory"
  fi
  shopt -u dotglob nullglob
  if [[ -e $aside ]]; then
    log "old content of $directory is now in $aside"
  fi
  chown etcd:etcd -- "$directory"
  chmod 0700 -- "$directory"
}

main() {
  local archive snapshot sha256 size recorded token moment directory
  if (( $# < 1 || $# > 2 )) || [[ $1 == -* || ! ${2-} =~ ^[A-Za-z0-9._-]*$ ]]; then
    die 'expected: etcd-restore.sh SNAPSHOT [ATTEMPT], ATTEMPT being one word'
  fi
  (( EUID == 0 )) || die 'expected to run as root'
  id etcd >/dev/null 2>&1 || die 'expected the user etcd on this host, found none; create it as the runbook says'
  archive=$1
  [[ -f $archive && -r $archive ]] || die "expected the snapshot $archive, found no such file"
  trap clean_up EXIT
  trap 'log "failed in line $LINENO"' ERR
  trap 'exit 130' INT
  trap 'exit 143' TERM
  moment=$(date --utc +%Y%m%dT%H%M%S.%NZ)
  require_stopped
  require_same_release

  # Nothing on this host is changed before the snapshot is known to be whole and to fit.
  for directory in "$DATA_DIRECTORY" "$WAL_DIRECTORY"; do
    mkdir --parents -- "${directory%/*}"
  done
  work=$(mktemp --directory -- "${DATA_DIRECTORY%/*}/.etcd-restore.XXXXXXXX")
  snapshot="$work/snapshot.db"
  case $archive in
    *.gz) gzip --decompress --stdout -- "$archive" >"$snapshot" || die "$archive is damaged: gzip cannot read it" ;;
    *) cp -- "$archive" "$snapshot" ;;
  esac
  sha256=$(verify_snapshot "$snapshot") || die "$archive cannot be restored"
  if [[ -f $archive.json ]]; then
    recorded=$(sed --quiet 's/.*"sha256": "\([0-9a-f]*\)".*/\1/p' "$archive.json")
    [[ $recorded == "$sha256" ]] || die "expected SHA-256 $recorded as $archive.json says, found $sha256"
  fi
  size=$(stat --format=%s -- "$snapshot")
  if (( size > QUOTA_BACKEND_BYTES )); then
    die "the snapshot has $size bytes, the quota is $QUOTA_BACKEND_BYTES: the first write would be refused; raise it first"
  fi

  # The same on every member, and another one for every snapshot: members that were restored differently stay apart.
  token="$INITIAL_CLUSTER_TOKEN-restored-${sha256:0:12}${2:+-$2}"
  if [[ -f $TOKEN_RECORD && $(<"$TOKEN_RECORD") == "$token" ]]; then
    die "this snapshot was restored here before; give every member the same new word: etcd-restore.sh $archive ATTEMPT"
  fi

  data_staging=$(staging_for "$DATA_DIRECTORY")
  wal_staging=$(staging_for "$WAL_DIRECTORY")
  etcdutl snapshot restore "$snapshot" \
    --name="$MEMBER_NAME" \
    --initial-cluster="$INITIAL_CLUSTER" \
    --initial-cluster-token="$token" \
    --initial-advertise-peer-urls="$PEER_URL" \
    --data-dir="$data_staging" \
    --wal-dir="$wal_staging" \
    >"$work/log" 2>&1 || die "etcdutl snapshot restore failed: $(tail --lines=1 "$work/log")"

  replace_directory "$WAL_DIRECTORY" "$wal_staging"
  replace_directory "$DATA_DIRECTORY" "$data_staging"
  sync -- "$DATA_DIRECTORY" "$DATA_DIRECTORY"/member/snap/* "$WAL_DIRECTORY" "$WAL_DIRECTORY"/*
  # What the guard knows is about the data that was moved aside. Only now: a script that ends before here leaves a member that
  # the guard keeps out until the restore was repeated.
  rm --force -- "$DATA_RECORD"
  sync -- "${DATA_RECORD%/*}"
  printf '%s\n' "$token" >"$TOKEN_RECORD"
  # Restored members know each other already; "new" would only serve to found another cluster by mistake.
  /usr/local/bin/etcd-bootstrap-complete.sh
  log "member $MEMBER_NAME is ready; when all members are, start etcd on them one after another, a second apart"
}

main "$@"
