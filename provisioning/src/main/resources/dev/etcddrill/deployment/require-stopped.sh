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
