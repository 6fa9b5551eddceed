# shellcheck shell=bash
# ./dbaas test --openstack: a real cloud of its own comes up, its tier runs, and everything goes again. Sourced, never run.

# run_openstack_tests [--lifecycle] [OPTION…]: options of the test program, for example --filter-class.
run_openstack_tests() {
  local folder log status=0
  if [[ ${1:-} == --lifecycle ]]; then
    set -- --filter-trait "part=lifecycle" "${@:2}"
  fi
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
      artifacts/bin/OpenStack.Tier/release/Dbaas.OpenStack.Tier --no-ansi --no-progress --show-live-output on "$@" 2>&1 | tee "$log"
  ) || status=$?
  count_tests "$status" "$log"
}
