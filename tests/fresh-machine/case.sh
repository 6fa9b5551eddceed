#!/usr/bin/env bash
# On the fresh machine: what the README's reader types. case.sh root|contained|user
set -euo pipefail
cd /srv/dbaas
ports=(--api-port 28779 --identity-port 25000)
export DBAAS_HOME=/srv/state
test_some() { ./dbaas test Domain.Tests Architecture.Tests; }

case $1 in
  root)
    trap './dbaas down --purge' EXIT
    ./dbaas demo "${ports[@]}"
    test_some
    ;;
  contained)
    # Root of an ordinary container.
    without=(setpriv "--bounding-set=-sys_admin,-net_admin" "--inh-caps=-sys_admin,-net_admin")
    trap '"${without[@]}" ./dbaas down --purge' EXIT
    "${without[@]}" ./dbaas demo "${ports[@]}" 2>&1 | tee /tmp/said
    grep -q 'not kept apart here: this root lacks CAP_' /tmp/said
    ;;
  user)
    # Who is not root needs somebody who is for Debian's packages, once.
    useradd --create-home alice
    if su alice -c './dbaas demo' 2>/tmp/said; then
      echo "The demo ran without its packages." >&2
      exit 1
    fi
    grep -q 'needs root: .*apt-get' /tmp/said || { cat /tmp/said >&2; exit 1; }
    bash -c 'source scripts/common.sh; source scripts/packages.sh; ensure_packages "${RUNTIME_PACKAGES[@]}" "${BUILD_PACKAGES[@]}"'
    chown -R alice /srv/dbaas
    DBAAS_HOME=/home/alice/state
    trap 'su alice -c "DBAAS_HOME=$DBAAS_HOME ./dbaas down --purge"' EXIT
    su alice -c "DBAAS_HOME=$DBAAS_HOME ./dbaas demo ${ports[*]}" 2>&1 | tee /tmp/said
    grep -q 'not kept apart here: the service does not run as root' /tmp/said
    ;;
esac
