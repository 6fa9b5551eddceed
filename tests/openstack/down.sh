#!/usr/bin/env bash
# down.sh FOLDER: ends what up.sh started, and removes FOLDER. May be repeated, and when the start was cut off half way.
set -euo pipefail

FOLDER=$(realpath -m "${1:?usage: down.sh FOLDER}")
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
shopt -s nullglob

[[ -d $RUN ]] || exit 0
last=() first=()
for file in "$RUN"/*.pid; do
  case $(basename "$file" .pid) in
    mariadb | rabbit | memcached) last+=("$file") ;;
    *) first+=("$file") ;;
  esac
done
((${#first[@]} == 0)) || stop_all "${first[@]}"
((${#last[@]} == 0)) || stop_all "${last[@]}"

# The broker's port mapper puts itself into the background; ours is the one with our port.
for pid in $(pgrep -x epmd || true); do
  if tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "ERL_EPMD_PORT=$EPMD"; then kill "$pid" || true; fi
done
# The tests' guests ended with their pid files: their disks are files below the folder, their networks' bridges are named by files.
while read -r device file; do
  [[ $file != "$FOLDER"/* ]] || losetup --detach "$device" || true
done < <(losetup --list --noheadings --output NAME,BACK-FILE)
for file in "$RUN"/*.bridge; do
  ip link delete "$(<"$file")" 2>/dev/null || true
done
while read -r point; do umount "$point"; done < <(awk -v ours="$FOLDER/" 'index($2, ours) == 1 { print $2 }' /proc/mounts | sort -r)
rm -rf "$FOLDER"
