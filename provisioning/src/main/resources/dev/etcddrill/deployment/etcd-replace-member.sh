#!/bin/bash
# Replaces member {{name}} of the etcd cluster "{{cluster}}", whose data is lost or not to be trusted, in two steps: takes it out
# of the cluster, and puts it in again under a new id and without data. It then gets everything from the others.
# Rendered by etcd-drill from the cluster recipe; runs as root on this member, with etcd stopped here and a majority of the
# members at work: etcd-replace-member.sh remove|add
# Old data is moved aside, never deleted. Each step may be repeated.
set -Eeuo pipefail
umask 077
export LC_ALL=C
export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin

readonly MEMBER_NAME='{{name}}'
readonly PEER_URL='{{peer-url}}'
readonly OTHER_ENDPOINTS=({{other-client-urls}})
readonly DATA_DIRECTORY='{{data-directory}}'
readonly WAL_DIRECTORY='{{wal-directory}}'
readonly CONFIGURATION='{{configuration-file}}'
readonly DATA_RECORD='{{record}}'
readonly QUERY_TIMEOUT='5s'
readonly ADD_PATIENCE=30

# etcdctl refuses to run when a variable and a flag name the same thing.
for variable in "${!ETCDCTL_@}"; do
  unset "$variable"
done
export ETCDCTL_CACERT='/etc/etcd/pki/ca.crt'
export ETCDCTL_CERT='/etc/etcd/pki/healthcheck-client.crt'
export ETCDCTL_KEY='/etc/etcd/pki/healthcheck-client.key'

work=''

log() {
  printf 'etcd-replace-member.sh: %s\n' "$*" >&2
}

die() {
  log "$*"
  exit 1
}

clean_up() {
  if [[ -n $work ]]; then
    rm --force -- "$work"
  fi
}

ask() {
  etcdctl --endpoints="$endpoint" --command-timeout="$QUERY_TIMEOUT" "$@"
}

{{require-stopped}}

# Sets "endpoint" to another member that has a majority behind it: it answers a linearizable read.
choose_endpoint() {
  for endpoint in "${OTHER_ENDPOINTS[@]}"; do
    if ask get --consistency=l --keys-only --limit=1 --prefix '' >/dev/null 2>&1; then
      return 0
    fi
    log "warning: $endpoint answers no linearizable read"
  done
  die 'no other member has a majority behind it; replace members only while a majority works, else restore a snapshot'
}

# Sets "id" to the member that has this one's peer URL, and "state" to started or unstarted; both are empty where none has.
find_member() {
  local line members
  id='' state=''
  members=$(ask member list --write-out=simple) || die "$endpoint does not list the members"
  while IFS= read -r line; do
    if [[ ", $line," == *", $PEER_URL,"* ]]; then
      id=${line%%, *}
      state=${line#*, }
      state=${state%%, *}
    fi
  done <<<"$members"
}

# Sets "unstarted" to the URL of another member that was put in and has not started yet; empty where there is none.
find_unstarted() {
  local line fields members
  unstarted=''
  members=$(ask member list --write-out=simple) || die "$endpoint does not list the members"
  while IFS= read -r line; do
    IFS=';' read -r -a fields <<<"${line//, /;}"
    if [[ ${fields[1]} == unstarted && ${fields[3]} != "$PEER_URL" ]]; then
      unstarted=${fields[3]}
    fi
  done <<<"$members"
}

# Prints the cluster's members as "initial-cluster" names them. etcd compares the two when a member comes to others, and they
# differ from the recipe's while another lost member is out.
members_now() {
  local line members fields url list=()
  members=$(ask member list --write-out=simple) || die "$endpoint does not list the members"
  while IFS= read -r line; do
    IFS=';' read -r -a fields <<<"${line//, /;}"
    for url in ${fields[3]//,/ }; do
      if [[ $url == "$PEER_URL" ]]; then
        list+=("$MEMBER_NAME=$url")
      elif [[ -z ${fields[2]} ]]; then
        die "the member at $url was put in, but has not started yet: start it first"
      else
        list+=("${fields[2]}=$url")
      fi
    done
  done <<<"$members"
  (IFS=','; printf '%s\n' "${list[*]}")
}

# etcd looks at this line only while it has no data.
name_members() {
  local members
  members=$(members_now) || exit 1
  if [[ $(grep --count --extended-regexp "^initial-cluster: '.*'$" "$CONFIGURATION") != 1 ]]; then
    die "expected one line \"initial-cluster: '...'\" in $CONFIGURATION, found another form; set it to '$members' by hand"
  fi
  work=$(mktemp -- "$CONFIGURATION.XXXXXXXX")
  sed "s|^initial-cluster: '.*'\$|initial-cluster: '$members'|" "$CONFIGURATION" >"$work"
  if cmp --quiet -- "$work" "$CONFIGURATION"; then
    return 0
  fi
  chown --reference="$CONFIGURATION" -- "$work"
  chmod --reference="$CONFIGURATION" -- "$work"
  sync -- "$work"
  mv --force -- "$work" "$CONFIGURATION"
  work=''
  log "initial-cluster in $CONFIGURATION names the members of now: $members"
}

# Moves what is in a directory aside; the directory stays.
set_aside() {
  local directory=$1 aside entry
  aside="$directory.before-replacement-$moment"
  # A mounted directory cannot be moved itself, and what is in it should stay on its disk.
  if mountpoint --quiet -- "$directory"; then
    aside="$directory/before-replacement-$moment"
  fi
  shopt -s dotglob nullglob
  for entry in "$directory"/*; do
    case ${entry##*/} in
      lost+found | before-restore-* | before-replacement-*) ;;
      *)
        mkdir --parents -- "$aside"
        mv --no-clobber -- "$entry" "$aside/"
        ;;
    esac
  done
  shopt -u dotglob nullglob
  if [[ -e $aside ]]; then
    log "old content of $directory is now in $aside"
  fi
}

remove() {
  find_member
  if [[ -z $id ]]; then
    log "$MEMBER_NAME is not in the cluster"
    return 0
  fi
  ask member remove "$id" >/dev/null || die "$endpoint does not take member $id out"
  log "member $id is out of the cluster; where others are lost, too, take them out before any is put in again"
}

add() {
  local directory moment waited unstarted trouble
  find_member
  if [[ $state == started ]]; then
    die "$MEMBER_NAME is in the cluster as member $id; take it out first: etcd-replace-member.sh remove"
  fi
  # Nothing is moved before the old vote is gone: up to here the member could still be started on what it had.
  moment=$(date --utc +%Y%m%dT%H%M%S.%NZ)
  for directory in "$WAL_DIRECTORY" "$DATA_DIRECTORY"; do
    if [[ -d $directory ]]; then
      set_aside "$directory"
    fi
  done
  # Also where they were put back by hand, with another owner: etcd would fail only after it was put in.
  install --directory --owner=etcd --group=etcd --mode=0700 -- "${WAL_DIRECTORY%/*}" "$WAL_DIRECTORY" "$DATA_DIRECTORY"
  # A member that comes to others must not have "initial-cluster-state: new".
  /usr/local/bin/etcd-bootstrap-complete.sh
  # etcd takes nobody in before all members have been connected for 5 s (server.go, HealthInterval); and one that was put in
  # just now must have told its name first, else the two would not agree on who is in the cluster.
  waited=0
  while [[ -z $id ]]; do
    find_unstarted
    if [[ -n $unstarted ]]; then
      trouble="the member at $unstarted was put in, but has not started yet: start it first"
    elif ask member add "$MEMBER_NAME" --peer-urls="$PEER_URL" >/dev/null; then
      find_member
      break
    else
      trouble="$endpoint does not take $MEMBER_NAME in: are all members that are left healthy? Take out those that are lost, too"
    fi
    if (( waited >= ADD_PATIENCE )); then
      die "$trouble"
    fi
    sleep 1
    waited=$(( waited + 1 ))
    find_member
  done
  name_members
  printf 'empty\n' >"$DATA_RECORD"
  sync -- "$DATA_RECORD"
  log "$MEMBER_NAME is member $id now; start etcd, and see that it is healthy before the next one is put in"
}

main() {
  local endpoint='' id='' state=''
  if [[ $# != 1 || ($1 != remove && $1 != add) ]]; then
    die 'expected: etcd-replace-member.sh remove|add'
  fi
  (( EUID == 0 )) || die 'expected to run as root'
  trap clean_up EXIT
  trap 'log "failed in line $LINENO"' ERR
  require_stopped
  choose_endpoint
  "$1"
}

main "$@"
