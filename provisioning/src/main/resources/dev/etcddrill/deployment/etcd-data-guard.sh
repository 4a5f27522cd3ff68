#!/bin/bash
# Keeps member {{name}} of the etcd cluster "{{cluster}}" from voting when its data is lost, or is not what it left when it
# last ran. A voter that forgot what it acknowledged can help to elect a leader that never had it, and "initial-cluster-state:
# existing" does not keep it out.
# Rendered by etcd-drill from the cluster recipe; the unit runs it as root: etcd-data-guard.sh start|stop
# What it knows is one line in {{record}}: it must not lie on the disk that holds etcd's data.
# Ends with status 3 where it refuses, and with another one where it fails itself.
set -Eeuo pipefail
umask 077
export LC_ALL=C
export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin

readonly MEMBER_NAME='{{name}}'
readonly REFUSED=3
readonly WAL_DIRECTORY='{{wal-directory}}'
readonly CONFIGURATION='{{configuration-file}}'
# A segment is a file of etcd's log ("none": there is no data); WRITTEN is the second when it was last written.
# running SEGMENT WRITTEN START  etcd was let start on this, in the second START
# stopped SEGMENT WRITTEN        etcd ended, and this is what it left
# crashed SEGMENT WRITTEN        the host went down while etcd ran, or what lay there when it ended was not what it wrote:
#                                known is only what it had when it started
# empty                          the member was replaced: etcd may start once without data
readonly RECORD='{{record}}'

refuse() {
  printf 'etcd-data-guard.sh: %s\n' "$*" \
    "$MEMBER_NAME is not started: it would vote without knowing what it acknowledged" \
    'if its data is elsewhere, put it back as it was (cp --archive); else replace the member: etcd-replace-member.sh' \
    "if you are certain that this is its own newest data, because etcd ran here by hand, remove $RECORD" >&2
  exit "$REFUSED"
}

# Sets "segment" (none where there is no data) and "written".
look_at_data() {
  local file
  segment=none
  written=0
  shopt -s nullglob
  # Segments are named by a growing number, so the last name is the newest one.
  for file in "$WAL_DIRECTORY"/*.wal; do
    segment=${file##*/}
  done
  shopt -u nullglob
  if [[ $segment != none ]]; then
    written=$(stat --format=%Y -- "$WAL_DIRECTORY/$segment")
  fi
}

record() {
  # Beside the file, and on disk before etcd writes: after a crash an old record would refuse good data.
  printf '%s\n' "$*" >"$RECORD.next"
  sync -- "$RECORD.next"
  mv --force -- "$RECORD.next" "$RECORD"
  sync -- "${RECORD%/*}"
}

# Sets "state", "last", "last_written" and "started" from the record; "state" is empty where there is none.
read_record() {
  state='' last='' last_written=0 started=''
  if [[ -f $RECORD ]]; then
    read -r state last last_written started <"$RECORD" || true
    case "$state $last $last_written $started" in
      'running '*' '[0-9]*' '[0-9]* | 'crashed '*' '[0-9]*' ' | 'stopped '*' '[0-9]*' ' | 'empty   ') ;;
      *) refuse "expected a record in $RECORD, found something else: look at the data, then remove that file" ;;
    esac
  fi
}

# Whether the data is older than what the record names.
is_older() {
  [[ $last != none ]] && [[ $segment < $last || ($segment == "$last" && $written -lt $last_written) ]]
}

start() {
  if [[ $state == running ]]; then
    state=crashed
    record crashed "$last" "$last_written"
  fi
  if [[ $segment == none ]]; then
    case $state in
      empty) ;;
      '' | crashed)
        if [[ ${last:-none} != none ]] \
          || ! grep --quiet --extended-regexp '^initial-cluster-state: new$' "$CONFIGURATION"; then
          refuse "expected data in $WAL_DIRECTORY, found none"
        fi
        ;;
      *) refuse "expected data in $WAL_DIRECTORY up to $last, found none" ;;
    esac
  else
    case $state in
      # Data from before this guard was installed, or from a restore.
      '') ;;
      empty) refuse "expected no data in $WAL_DIRECTORY, found $segment" ;;
      crashed)
        if is_older; then
          refuse "expected data in $WAL_DIRECTORY up to $last of $(moment "$last_written") or newer," \
            "found $segment of $(moment "$written"): an older copy"
        fi
        ;;
      stopped)
        if [[ $segment != "$last" || $written != "$last_written" ]]; then
          refuse "expected data in $WAL_DIRECTORY up to $last of $(moment "$last_written"), as this member left it;" \
            "found $segment of $(moment "$written"): another copy"
        fi
        ;;
    esac
    # After a crash of the host the file must not be older than what is recorded now.
    sync -- "$WAL_DIRECTORY/$segment"
  fi
  record running "$segment" "$written" "$(date +%s)"
}

moment() {
  date --utc --date="@$1" +%Y-%m-%dT%H:%M:%SZ
}

stop() {
  # The unit runs this after a refused start, too; then nothing that lies there is this member's own.
  if [[ $state != running ]]; then
    return 0
  fi
  # What lies there may have been put there while etcd ran. It is etcd's own where it is what it started on, or where it was
  # written since and does not end before. Else the record stays as it is, and the next start says what it expected. Without
  # data nobody can tell whether etcd wrote none or lost it.
  if [[ $segment == none ]] || is_older \
    || [[ "$segment $written" != "$last $last_written" && $written -lt $started ]]; then
    printf 'etcd-data-guard.sh: %s\n' \
      "the data in $WAL_DIRECTORY is not what etcd left when it ended just now, or the clock was set back meanwhile" >&2
    return 0
  fi
  # What was written is on disk before it is claimed.
  sync -- "$WAL_DIRECTORY/$segment"
  record stopped "$segment" "$written"
}

main() {
  local state last last_written started segment written
  if [[ $# != 1 || ($1 != start && $1 != stop) ]]; then
    printf 'etcd-data-guard.sh: expected: etcd-data-guard.sh start|stop\n' >&2
    exit 1
  fi
  read_record
  look_at_data
  "$1"
}

main "$@"
