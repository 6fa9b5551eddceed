# shellcheck shell=bash
# ./dbaas test. Sourced, never run.

# run_tests [NAME…]: the last line is "N passed, N failed, N skipped", the sum of all test projects.
run_tests() {
  if [[ ${1:-} == --vm ]]; then
    run_vm_tests "${@:2}"
    return
  elif [[ ${1:-} == --fresh ]]; then
    run_fresh_tests "${@:2}"
    return
  elif [[ ${1:-} == --openstack ]]; then
    run_openstack_tests "${@:2}"
    return
  elif [[ ${1:-} == --clients ]]; then
    run_clients_tests "${@:2}"
    return
  fi

  # The tiers (tests/*.Tier) need more than this machine's engines: each has a switch of its own.
  local names=("$@") name modules=""
  for name in "${names[@]}"; do
    [[ -e tests/$name/$name.csproj ]] || die "there is no tests/$name; there are: $(cd tests && echo *.Tests)"
  done

  (($# > 0)) || names=(tests/*.Tests)
  names=("${names[@]#tests/}")
  # In a shell of its own first, so that the last line is there also when something is missing.
  (ensure_for_tests "${names[@]}") || end_tests "What the tests need could not be had." 0 1 0
  ensure_agent_published
  export DBAAS_AGENT=$AGENT
  mariadbd --version

  if (($# == 0)); then
    build_tests Dbaas.sln
  fi
  for name in "${names[@]}"; do
    (($# == 0)) || build_tests "tests/$name"
    modules+="artifacts/bin/$name/release/Dbaas.$name.dll;"
  done

  # One project after the other: each starts real servers on a machine that may have two cores.
  local log reports status=0
  log=$(mktemp)
  reports=$(mktemp -d)
  dotnet test --test-modules "${modules%;}" --max-parallel-test-modules 1 --no-ansi --no-progress \
    --results-directory "$reports" --report-xunit-junit 2>&1 | tee "$log" || status=$?
  print_times "$reports"
  rm -rf "$reports"
  count_tests "$status" "$log"
}

# ensure_for_tests NAME…: whatever they would have to fetch or to make, before the first of them begins.
# The service too: tests of this script would build it in the middle of other tests.
ensure_for_tests() {
  ensure_packages "${TEST_PACKAGES[@]}" && ensure_service_built && ensure_agent_published && ensure_client_published || return
  ensure_galera_scripts || return
  if (cd tests && grep -rqF EngineImages. --include='*.cs' "$@"); then
    ensure_mysql_image && ensure_container_image || return
  fi
  if (cd tests && grep -rqF PreviousRelease. --include='*.cs' "$@"); then
    ensure_previous_built
  fi
}

# print_times FOLDER: what each project took, and the slowest tests. Tests of a project run side by side, so theirs add up to more.
print_times() {
  printf '\nSeconds of each project:\n'
  grep -oh '<testsuite name="[^"]*"[^>]* time="[^"]*"' "$1"/*.xml 2>/dev/null \
    | sed 's/.*name="[^"]*Dbaas\.\([^"]*\)\.dll".* time="\([0-9]*\)\..*"/\2 \1/' | sort -rn || true
  printf '\nThe slowest tests, in seconds:\n'
  grep -oh '<testcase name="[^"]*" time="[^"]*"' "$1"/*.xml 2>/dev/null \
    | sed 's/<testcase name="Dbaas\.\([^"]*\)" time="\([0-9.]*\)"/\2 \1/; s/&quot;//g' | sort -rn | head -n 20 | cut -c1-160 || true
}

build_tests() {
  note "Building $1 …"
  restore "$1" >&2 || end_tests "The packages of $1 could not be had." 0 1 0
  dotnet build "$1" -c Release --no-restore "${QUIET[@]}" >&2 || end_tests "The build failed." 0 1 0
  end_compiler
}

# count_tests STATUS LOG: from the summary over all projects that `dotnet test` ends with.
count_tests() {
  local status=$1 log=$2 passed failed skipped
  passed=$(counted succeeded "$log")
  failed=$(counted failed "$log")
  skipped=$(counted skipped "$log")
  rm -f "$log"
  if ((failed > 0)); then
    end_tests "Some tests failed." "$passed" "$failed" "$skipped"
  elif ((status != 0)); then
    # A program that crashed or ran no test has no failed test to show.
    end_tests "A test program ended with an error (dotnet test: exit $status)." "$passed" 1 "$skipped"
  elif ((passed == 0)); then
    end_tests "No test ran." 0 1 "$skipped"
  fi
  printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
}

counted() {
  local number
  number=$(sed -n "/^Test run summary/,\$ s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1)
  printf '%s' "${number:-0}"
}

# end_tests MESSAGE PASSED FAILED SKIPPED
end_tests() {
  complain "$1"
  printf '%s passed, %s failed, %s skipped\n' "$2" "$3" "$4"
  exit 1
}
