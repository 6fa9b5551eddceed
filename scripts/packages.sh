# shellcheck shell=bash
# shellcheck disable=SC2034 # names that the other parts use
# Debian packages: which, and how they are installed. Sourced, never run.

# The -core packages bring the servers' programs without a system service that would take port 3306; mariadb-client has mariadb-binlog.
# tzdata: the time zones that a database knows by name.
RUNTIME_PACKAGES=(
  mariadb-server-core mariadb-client mariadb-backup zstd age
  iproute2 nftables e2fsprogs mount util-linux procps openssl ca-certificates tzdata
)

# A linker for what is compiled to machine code: the guest agent, and our client.
BUILD_PACKAGES=(gcc libc6-dev zlib1g-dev)

# A control plane on many nodes of this machine.
CLUSTER_PACKAGES=(galera-4 rsync haproxy)

# Unmodified clients to be compatible with; a store of objects; a root file system for MySQL; partitions between namespaces; a daemon for MySQL as a container; a shell that completes;
# a Galera cluster; a proxy in front of it, and what checks units.
TEST_PACKAGES=(
  "${RUNTIME_PACKAGES[@]}"
  rabbitmq-server python3-oslo.messaging prometheus
  python3-troveclient python3-openstackclient python3-swift python3-keystonemiddleware mmdebstrap busybox-static docker.io zsh
  "${CLUSTER_PACKAGES[@]}" systemd libfaketime
)

# ensure_packages NAME…: installs those that are missing; asks apt for nothing when none is.
ensure_packages() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    return
  fi

  command -v apt-get >/dev/null || die "these Debian packages are missing, and there is no apt-get: ${missing[*]}"
  note "Installing Debian packages: ${missing[*]}"
  if ! apt_install "${missing[@]}"; then
    # Usually the lists: absent on a bare machine, or too old.
    note "Refreshing the package lists"
    try_again as_root apt-get update -qq || die "apt-get update failed; is the network up?"
    try_again apt_install "${missing[@]}" || die "apt-get could not install: ${missing[*]}"
  fi
}

is_installed() {
  # The literal ${Status} is for dpkg-query.
  # shellcheck disable=SC2016
  [[ $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) == "install ok installed" ]]
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >&2
}
