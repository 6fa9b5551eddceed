#!/usr/bin/env bash
# install.sh [--guests]: installs what the lab needs: Debian's packages of Keystone, Placement, Glance, Neutron, Cinder and Nova; and what a host
# of real guests needs beside libvirt. May be repeated.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

PACKAGES=(
  mariadb-server rabbitmq-server memcached python3-memcache python3-pymysql uwsgi-core uwsgi-plugin-python3 qemu-utils
  keystone placement-api glance-api
  nova-api nova-conductor nova-scheduler nova-compute
  neutron-server
  cinder-api cinder-scheduler cinder-volume
)
if [[ ${1:-} == --guests ]]; then
  PACKAGES+=(neutron-linuxbridge-agent neutron-dhcp-agent python3-libvirt ipset conntrack)
fi

missing=()
for package in "${PACKAGES[@]}"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
((${#missing[@]})) || exit 0

# The packages' own scripts would start every service with a configuration of their own.
policy=/usr/sbin/policy-rc.d
saved=$(mktemp -d)
[[ ! -e $policy ]] || cp -p "$policy" "$saved/policy"
restore() {
  if [[ -e $saved/policy ]]; then cp -p "$saved/policy" "$policy"; else rm -f "$policy"; fi
  rm -rf "$saved"
}
trap restore EXIT
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

echo "Installing ${missing[*]} …"
install_missing() {
  nice -n 5 apt-get -o DPkg::Lock::Timeout=900 -y -q --no-install-recommends install "${missing[@]}" >"$saved/log" 2>&1
}
# When it fails, usually the lists are absent or too old.
install_missing || { apt-get -qq update && install_missing; } || { tail -n 30 "$saved/log"; exit 1; }
