# shellcheck shell=bash
# ./dbaas test --fresh: the README's commands on a machine that has nothing. Sourced, never run.

# What an installation of Debian 12 has, git, and what the SDK needs of the system.
FRESH_PACKAGES=git,ca-certificates,libicu72,util-linux,procps

# run_fresh_tests [CASE…]: each on a root file system of its own, of Debian's minimal base. As root.
run_fresh_tests() {
  local cases=("$@") name folder passed=0 failed=0
  ((${#cases[@]} > 0)) || cases=(root contained user)
  ((EUID == 0)) || end_tests "A fresh machine is made as root." 0 1 0
  (ensure_packages "${TEST_PACKAGES[@]}") || end_tests "What the tests need could not be had." 0 1 0
  ensure_sdk
  folder=$(mktemp -d)
  # The base is made once; each case changes a copy.
  # In mounts of its own: it shows this machine's /dev to the new one, and nothing that is removed later may reach through.
  unshare --mount --propagation private mmdebstrap --quiet --variant=minbase --include="$FRESH_PACKAGES" bookworm "$folder/base" >&2 || {
    rm -rf --one-file-system "$folder"
    end_tests "Debian's base could not be had." 0 1 0
  }
  git clone --quiet --no-local "$ROOT" "$folder/base/srv/dbaas"
  reach_registries "$folder/base"
  for name in "${cases[@]}"; do
    note "A fresh machine, case '$name' …"
    cp -a "$folder/base" "$folder/$name"
    # Nothing outlives the process namespace. The network is this machine's: the packages come from outside.
    if unshare --mount --pid --fork --kill-child --propagation private tests/fresh-machine/enter.sh "$folder/$name" "$DOTNET_ROOT" "$name"; then
      passed=$((passed + 1))
    else
      complain "case '$name' failed"
      failed=$((failed + 1))
    fi
    rm -rf --one-file-system "${folder:?}/$name"
  done
  rm -rf --one-file-system "$folder"
  printf '%s passed, %s failed, 0 skipped\n' "$passed" "$failed"
  ((failed == 0))
}

# reach_registries ROOT: the ways to Debian's and NuGet's packages are this machine's, whatever is special about them.
reach_registries() {
  local path
  for path in /etc/resolv.conf /etc/hosts /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/ssl/certs /usr/local/share/ca-certificates; do
    [[ -e $path ]] || continue
    # Away first: what is there may be links, by which this machine's own files would be written.
    rm -rf --one-file-system "${1:?}$path"
    mkdir -p "$1$(dirname "$path")"
    cp -aL "$path" "$1$(dirname "$path")/"
  done
  # Hooks of this machine's own packages.
  rm -f "$1"/etc/apt/apt.conf.d/{20packagekit,50appstream,docker-*}
}
