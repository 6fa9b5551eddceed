# shellcheck shell=bash
# ./dbaas test --clients: others' clients, unmodified, from Debian. Sourced, never run.

CLIENT_PACKAGES=(
  tempest trove-tempest-plugin python3-psycopg2 python3-pymysql python3-openstacksdk python3-heat python3-trove-dashboard golang-go golang-github-gophercloud-gophercloud-dev
)

# run_clients_tests [OPTION…]: options of the test program, for example --filter-class.
run_clients_tests() {
  local log status=0
  (ensure_packages "${TEST_PACKAGES[@]}" "${CLIENT_PACKAGES[@]}" && ensure_service_built && ensure_agent_published && ensure_mysql_image) \
    || end_tests "What the tests need could not be had." 0 1 0
  ensure_agent_published
  build_tests tests/Clients.Tier
  log=$(mktemp)
  DBAAS_AGENT=$AGENT artifacts/bin/Clients.Tier/release/Dbaas.Clients.Tier --no-ansi --progress off "$@" 2>&1 | tee "$log" || status=$?
  count_tests "$status" "$log"
}
