# shellcheck shell=bash
# What a Galera node needs beside mariadb-server-core and galera-4. Sourced, never run.

GALERA_SCRIPTS=$HOME/.cache/dbaas/galera
export PATH=$PATH:$GALERA_SCRIPTS

# ensure_galera_scripts: the scripts by which a node that joins gets its data. Debian has them in mariadb-server, whose installation starts
# a server on port 3306: they are taken out of the package instead. A node finds them on its PATH.
ensure_galera_scripts() {
  command -v wsrep_sst_rsync >/dev/null || try_again unpack_galera_scripts
}

unpack_galera_scripts() {
  local work status=0
  work=$(mktemp -d)
  note "Taking Galera's scripts out of Debian's package …"
  (
    cd "$work" && apt-get download -qq -o APT::Sandbox::User="$(id -un)" mariadb-server >&2 \
      && dpkg-deb --fsys-tarfile mariadb-server_*.deb | tar -x --wildcards --strip-components=3 './usr/bin/wsrep_sst_*'
  ) && mkdir -p "$GALERA_SCRIPTS" && cp -a "$work"/wsrep_sst_* "$GALERA_SCRIPTS/" || status=$?
  rm -rf "$work"
  return $status
}
