# shellcheck shell=bash
# ./dbaas test --vm: the tier with virtual machines. Sourced, never run.

VM_PACKAGES=(
  qemu-system-x86 qemu-utils libvirt-daemon-system libvirt-clients genisoimage dnsmasq-base iptables ebtables iproute2 util-linux
)

# run_vm_tests [OPTION…]: options of the test program, for example --filter-class.
run_vm_tests() {
  local disk folder log status=0
  (ensure_packages "${VM_PACKAGES[@]}") || end_tests "What the tests need could not be had." 0 1 0
  disk=$(image_build) || end_tests "There is no guest image." 0 1 0
  build_tests tests/Libvirt.Tier
  folder=$(mktemp -d)
  log=$(mktemp)
  # With the first process of the namespaces all others end.
  as_root env "DBAAS_GUEST_IMAGE=$disk" "DBAAS_LAB=$folder" \
    unshare --mount --net --pid --fork --kill-child --propagation private \
    tests/Libvirt.Tier/lab.sh "$folder/libvirt" \
    artifacts/bin/Libvirt.Tier/release/Dbaas.Libvirt.Tier --no-ansi --progress off --show-live-output on "$@" 2>&1 | tee "$log" || status=$?
  if ((status != 0)); then
    note "libvirt's last words:"
    as_root tail -n 20 "$folder/libvirt/libvirtd.log" >&2 || true
  fi
  as_root rm -rf "$folder"
  count_tests "$status" "$log"
}
