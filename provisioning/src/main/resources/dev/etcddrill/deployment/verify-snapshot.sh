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
