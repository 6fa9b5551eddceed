#!/usr/bin/env bash
# machine.sh FOLDER AGENT: the first process of a guest, in mount, process, network and other namespaces of its own. It makes what a server of
# a cloud has (disks, config drive, memory, addresses) look as it does in one, and does what the guest image's units do: it runs the agent again
# whenever it ends. In FOLDER: `disks` (lines "DEVICE SERIAL"), `drive` (the config drive's device), `cables` (lines "NAME ADDRESS/PREFIX"),
# `gateway`, `memory` (MB), `root` (what a restart keeps and a rebuild does not), `console`.
set -euo pipefail
folder=$1 agent=$2
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
unset HOME "${!DBAAS_@}"
exec >>"$folder/console" 2>&1 </dev/null

# Disks: only its own, with the serials that a hypervisor gives them (20 characters), in their present size.
mount -t tmpfs -o mode=755 tmpfs /sys/block
mkdir -p "$folder/dev"
mount -t tmpfs -o mode=755 tmpfs "$folder/dev"
cp -a /dev/{null,zero,full,random,urandom,tty} "$folder/dev/"
ln -s /proc/self/fd "$folder/dev/fd"
mkdir -p "$folder/dev/shm" "$folder/dev/disk/by-label"
chmod 1777 "$folder/dev/shm"
while read -r device serial; do
  disk=$(basename "$device")
  cp -a "$device" "$folder/dev/"
  mkdir "/sys/block/$disk"
  printf '%.20s\n' "$serial" >"/sys/block/$disk/serial"
  ln -s "/sys/devices/virtual/block/$disk"/{size,dev} "/sys/block/$disk/"
done <"$folder/disks"
drive=$(<"$folder/drive")
cp -a "$drive" "$folder/dev/"
ln -s "/dev/$(basename "$drive")" "$folder/dev/disk/by-label/config-2"
mount --move "$folder/dev" /dev

# Folders: its own root disk as far as the agent writes to it.
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir -p "$folder/root" /var/lib/dbaas
mount --bind "$folder/root" /var/lib/dbaas

sed "s/^MemTotal:.*/MemTotal: $(($(<"$folder/memory") * 1024)) kB/" /proc/meminfo >/run/meminfo
mount --bind /run/meminfo /proc/meminfo

# Network: the host plugs the cables in.
ip link set lo up
while read -r name address; do
  until ip link show "$name" >/dev/null 2>&1; do sleep 0.05; done
  ip address add "$address" dev "$name"
  ip link set "$name" up
done <"$folder/cables"
ip route add default via "$(<"$folder/gateway")"

while true; do
  "$agent" --from-machine || echo "The agent ended with $?."
  sleep 2
done
