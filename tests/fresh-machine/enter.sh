#!/usr/bin/env bash
# Inside mount and process namespaces of its own: makes ROOT a machine and runs a case on it. enter.sh ROOT SDK CASE
set -euo pipefail
root=$1 sdk=$2 case=$3

mkdir -p "$root/usr/share/dotnet" "$root/sys" "$root/proc" "$root/dev"
mount --bind "$sdk" "$root/usr/share/dotnet"
mount -o remount,bind,ro "$root/usr/share/dotnet"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
ln -sf /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"

# Only what says how registries are trusted comes along.
keep=()
for name in SSL_CERT_FILE SSL_CERT_DIR NUGET_CERT_REVOCATION_MODE; do
  [[ -z ${!name-} ]] || keep+=("$name=${!name}")
done
exec chroot "$root" /usr/bin/env -i "${keep[@]}" HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  bash /srv/dbaas/tests/fresh-machine/case.sh "$case" </dev/null
