#!/bin/bash
# Says in {{configuration-file}} that the cluster exists ("initial-cluster-state: existing"), so that a member that loses
# its data cannot found a second cluster. Run it once on every member after the first start; running it again is harmless.
# Rendered by etcd-drill from the cluster recipe "{{cluster}}"; runs as root: etcd-bootstrap-complete.sh
set -Eeuo pipefail
umask 077
export LC_ALL=C
export PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin

readonly CONFIGURATION='{{configuration-file}}'

work=''

die() {
  printf 'etcd-bootstrap-complete.sh: %s\n' "$*" >&2
  exit 1
}

clean_up() {
  if [[ -n $work ]]; then
    rm --force -- "$work"
  fi
}

main() {
  if (( $# != 0 )); then
    die 'expected no arguments'
  fi
  trap clean_up EXIT
  [[ -f $CONFIGURATION ]] || die "expected the file $CONFIGURATION, found none"
  if grep --quiet --extended-regexp '^initial-cluster-state: existing$' "$CONFIGURATION"; then
    return 0
  fi
  if [[ $(grep --count --extended-regexp '^initial-cluster-state: new$' "$CONFIGURATION") != 1 ]]; then
    die "expected one line \"initial-cluster-state: new\" in $CONFIGURATION, found another form; set it to \"existing\" by hand"
  fi
  # Beside the file, so that the last step is one rename: etcd never reads half a file.
  work=$(mktemp -- "$CONFIGURATION.XXXXXXXX")
  sed 's/^initial-cluster-state: new$/initial-cluster-state: existing/' "$CONFIGURATION" >"$work"
  chown --reference="$CONFIGURATION" -- "$work"
  chmod --reference="$CONFIGURATION" -- "$work"
  sync -- "$work"
  mv --force -- "$work" "$CONFIGURATION"
  work=''
}

main "$@"
