#!/bin/sh
# Runs on the host for the finished root file system: customize.sh ROOT FILES AGENT
set -eu
root=$1 files=$2 agent=$3

cp -r --no-preserve=ownership "$files/." "$root/"
install -D -m 755 "$agent" "$root/opt/dbaas/agent/Dbaas.GuestAgent"

# The same number in every image: a volume's files belong to it.
chroot "$root" groupadd --gid 900 dbaas-database
chroot "$root" useradd --uid 900 --gid 900 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin dbaas-database
chroot "$root" passwd --quiet --lock root
echo dbaas-guest > "$root/etc/hostname"
echo '127.0.0.1 localhost dbaas-guest' > "$root/etc/hosts"
rm -f "$root/etc/resolv.conf"
: > "$root/etc/resolv.conf"

chroot "$root" systemctl --quiet enable systemd-networkd.service nftables.service dbaas-agent.service dbaas-database-end.service
# Nobody logs in, nothing updates itself, and what takes time at the start is not needed.
chroot "$root" systemctl --quiet mask \
  getty.target console-getty.service getty@.service serial-getty@.service systemd-networkd-wait-online.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer logrotate.timer \
  systemd-pstore.service systemd-update-utmp.service systemd-sysusers.service systemd-network-generator.service \
  modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service modprobe@fuse.service modprobe@loop.service \
  sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount dev-mqueue.mount

rm -f "$root"/var/log/*.log "$root"/var/log/apt/* "$root"/var/cache/ldconfig/aux-cache "$root"/boot/*.old
rm -rf "$root"/var/lib/apt/lists/*
# Empty: each guest makes its own.
: > "$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/var/lib/systemd/random-seed"
