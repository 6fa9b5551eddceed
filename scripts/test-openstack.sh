# shellcheck shell=bash
# ./dbaas test --openstack: a real cloud of its own comes up, its tier runs, and everything goes again. Sourced, never run.

# run_openstack_tests [--lifecycle | --guests] [OPTION…]: options of the test program, for example --filter-class.
run_openstack_tests() {
  local folder log status=0
  case ${1:-} in
    --guests)
      run_guests_on_openstack_tests "${@:2}"
      return
      ;;
    --lifecycle) set -- --filter-trait part=lifecycle "${@:2}" ;;
    *) set -- --filter-not-trait part=guests "$@" ;;
  esac
  (ensure_packages "${TEST_PACKAGES[@]}" && ensure_service_built && ensure_agent_published && as_root tests/openstack/install.sh >&2) \
    || end_tests "What the tests need could not be had." 0 1 0
  ensure_agent_published
  build_tests tests/OpenStack.Tier
  folder=$(mktemp -d)
  log=$(mktemp)
  # In a shell of its own, so that the lab goes whatever becomes of the tests.
  (
    trap 'as_root tests/openstack/down.sh "$folder/lab"; rm -rf "$folder"' EXIT
    as_root tests/openstack/up.sh "$folder/lab" >&2 || end_tests "The OpenStack lab did not start." 0 1 0
    # As root: guests have namespaces and disks.
    as_root env "DBAAS_OPENSTACK_LAB=$folder/lab/lab.json" "DBAAS_AGENT=$AGENT" "DOTNET_ROOT=$DOTNET_ROOT" \
      artifacts/bin/OpenStack.Tier/release/Dbaas.OpenStack.Tier --no-ansi --progress off --show-live-output on "$@" 2>&1 | tee "$log"
  ) || status=$?
  count_tests "$status" "$log"
}

# run_guests_on_openstack_tests [OPTION…]: with real machines as servers, in namespaces and beside a libvirt of their own, as ./dbaas test --vm.
run_guests_on_openstack_tests() {
  local disk folder log status=0
  (ensure_packages "${TEST_PACKAGES[@]}" "${VM_PACKAGES[@]}" && ensure_service_built && as_root tests/openstack/install.sh --guests >&2) \
    || end_tests "What the tests need could not be had." 0 1 0
  ensure_agent_published
  disk=$(image_build) || end_tests "There is no guest image." 0 1 0
  build_tests tests/OpenStack.Tier
  folder=$(mktemp -d)
  # The DHCP server of Neutron's agent is nobody.
  chmod 755 "$folder"
  log=$(mktemp)
  # With the first process of the namespaces all others end.
  as_root env "DBAAS_OPENSTACK_LAB=$folder/lab/lab.json" "DBAAS_AGENT=$AGENT" "DOTNET_ROOT=$DOTNET_ROOT" \
    unshare --mount --net --pid --fork --kill-child --propagation private \
    tests/Libvirt.Tier/lab.sh "$folder/libvirt" tests/openstack/with-guests.sh "$folder/lab" "$disk" \
    artifacts/bin/OpenStack.Tier/release/Dbaas.OpenStack.Tier --no-ansi --progress off --show-live-output on --filter-trait part=guests "$@" 2>&1 \
    | tee "$log" || status=$?
  as_root rm -rf "$folder"
  count_tests "$status" "$log"
}
