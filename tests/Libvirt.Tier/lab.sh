#!/usr/bin/env bash
# lab.sh FOLDER COMMAND…: runs the command beside a libvirt of its own. Started in mount, network and process namespaces of its own (see
# scripts/test-vm.sh): nothing of the machine's own libvirt is touched, and with the last process everything is gone.
set -euo pipefail
folder=$1
shift

mount -t proc proc /proc
mount -t sysfs sysfs /sys
ip link set lo up

mkdir -p "$folder"/{etc,lib,cache,log}
cp -a /etc/libvirt/. "$folder/etc/"
rm -rf "$folder"/etc/qemu/* "$folder"/etc/storage
for name in lib cache log; do
  mkdir -p "/var/$name/libvirt"
  mount --bind "$folder/$name" "/var/$name/libvirt"
done
mount --bind "$folder/etc" /etc/libvirt
mount -t tmpfs tmpfs /run
mkdir -p /run/libvirt /run/lock
# A KVM that is there and does not work would make libvirt look for it again with each call. What cannot be written to is not there.
if [[ ${DBAAS_KVM:-} != yes && -e /dev/kvm ]]; then
  : >"$folder/no-kvm"
  mount --bind "$folder/no-kvm" /dev/kvm
  mount -o remount,bind,ro /dev/kvm
fi

cat >/etc/libvirt/qemu.conf <<'CONF'
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
max_core = 0
CONF
cat >/etc/libvirt/libvirtd.conf <<CONF
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "3:stderr"
host_uuid = "$(cat /proc/sys/kernel/random/uuid)"
CONF

virtlogd >"$folder/virtlogd.log" 2>&1 &
libvirtd >"$folder/libvirtd.log" 2>&1 &
deadline=$((SECONDS + 120))
until virsh -q -c qemu:///system version >/dev/null 2>&1; do
  ((SECONDS < deadline)) || {
    tail -n 20 "$folder/libvirtd.log" >&2
    exit 1
  }
  sleep 0.2
done

status=0
"$@" || status=$?
exit "$status"
