#!/usr/bin/env bash
# up.sh FOLDER [--guests DISK]: a real Keystone, Placement, Glance, Neutron, Cinder and Nova on this machine, on ports of their own; Nova with its
# fake driver or, with DISK as the guests' image, with libvirt (see guests.sh).
# Everything lies in FOLDER, which is made. It ends when a server could be created; FOLDER/lab.json says where and as whom.
# A start that fails is taken down and tried once more, but for one with real guests: its namespaces end with it.
set -euo pipefail

FOLDER=$(realpath -m "${1:?usage: up.sh FOLDER [--guests DISK]}")
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$HERE/configure.sh"
source "$HERE/guests.sh"

DISK='' SEED=()
if [[ ${2:-} == --guests ]]; then
  DISK=${3:?usage: up.sh FOLDER --guests DISK}
  HOSTS=(kvm1) SEED=(--guests "$DISK" "$GUEST_SUBNET" "$GUEST_GATEWAY")
fi

main() {
  ((EUID == 0)) || { echo "The lab needs root." >&2; exit 1; }
  mkdir -p "$ETC" "$RUN" "$LOG" "$VAR"
  if [[ -n $DISK || ${2:-} == --once ]]; then
    bring_up
    return
  fi

  # In a process of its own: `set -e` does not hold inside a condition.
  if ! "${BASH_SOURCE[0]}" "$FOLDER" --once; then
    echo "The lab did not start; once more, from nothing." >&2
    "$HERE/down.sh" "$FOLDER"
    mkdir -p "$FOLDER"
    "${BASH_SOURCE[0]}" "$FOLDER" --once
  fi
}

bring_up() {
  local began
  began=$(date +%s)
  start_database
  start_broker
  start memcached memcached -u nobody -l "$IP" -p "$MEMCACHED" -m 64 -c 1024
  wait_tcp mariadb "$MARIADB"
  ensure_databases

  # Two processors: the longest first, two at a time.
  configure_all
  sync_identity
  { once nova-db sync_nova && once placement-db placement-manage --config-file "$ETC/placement/placement.conf" db sync; } >"$LOG/sync-nova.log" 2>&1 &
  local nova=$!
  {
    once neutron-db neutron-db-manage --config-file "$ETC/neutron/neutron.conf" --config-file "$ETC/neutron/ml2.ini" upgrade heads
    once cinder-db cinder-manage --config-file "$ETC/cinder/cinder.conf" db sync
    once glance-db glance-manage --config-file "$ETC/glance/glance-api.conf" db_sync
  } >"$LOG/sync-others.log" 2>&1 &
  local others=$!
  wait_http keystone "http://$IP:$KEYSTONE/v3"
  once registered /usr/bin/python3 "$HERE/register.py" "http://$IP:$KEYSTONE/v3" "$PASSWORD" \
    "placement=placement=http://$IP:$PLACEMENT" "glance=image=http://$IP:$GLANCE" "nova=compute=http://$IP:$NOVA/v2.1" \
    "neutron=network=http://$IP:$NEUTRON" "cinder=volumev3=http://$IP:$CINDER/v3/%(project_id)s"
  wait "$nova" || { tail -n 20 "$LOG/sync-nova.log" >&2; return 1; }
  wait "$others" || { tail -n 20 "$LOG/sync-others.log" >&2; return 1; }
  echo "databases ready after $(seconds_since "$began")"

  wait_tcp rabbit "$RABBIT"
  start_services
  wait_http placement "http://$IP:$PLACEMENT/"
  wait_http glance "http://$IP:$GLANCE/"
  wait_http neutron "http://$IP:$NEUTRON/"
  # Not before: a report that Neutron is not there to hear is waited for.
  if [[ -n $DISK ]]; then
    start_guest_network
  else
    start network-agents /usr/bin/python3 "$HERE/network_agents.py" "${HOSTS[@]}" -- --config-file "$ETC/neutron/neutron.conf" --config-file "$ETC/neutron/ml2.ini"
  fi
  wait_http cinder-api "http://$IP:$CINDER/"
  wait_http nova-api "http://$IP:$NOVA/"
  /usr/bin/python3 "$HERE/seed.py" "http://$IP:$KEYSTONE/v3" "$PASSWORD" "$FOLDER/lab.json" "${SEED[@]}" "${HOSTS[@]}"
  echo "the lab is up after $(seconds_since "$began")"
}

# once STAMP COMMAND…: what lasts in the databases is not made again.
once() {
  local stamp=$VAR/done-$1
  shift
  [[ -e $stamp ]] || { "$@" && touch "$stamp"; }
}

start_database() {
  local data=$VAR/mysql
  if [[ ! -e $VAR/done-mysql ]]; then
    rm -rf "$data"
    mkdir -p "$data"
    mariadb-install-db --no-defaults --user=root --datadir="$data" --auth-root-authentication-method=normal --skip-test-db >"$LOG/mariadb-install.log" 2>&1
    touch "$VAR/done-mysql"
  fi
  # Nothing of it is worth a disk's flush.
  start mariadb mariadbd --no-defaults --user=root --datadir="$data" --port="$MARIADB" --bind-address="$IP" --socket="$RUN/mysql.sock" \
    --pid-file="$VAR/mariadb.pid" --skip-name-resolve --max-connections=1000 --innodb-buffer-pool-size=128M --innodb-flush-log-at-trx-commit=0 \
    --innodb-doublewrite=0 --skip-log-bin --performance-schema=OFF --character-set-server=utf8mb3
}

ensure_databases() {
  local name sql="CREATE OR REPLACE USER lab@'%' IDENTIFIED BY '$PASSWORD';"
  for name in keystone placement glance nova_api nova nova_cell0 neutron cinder; do
    sql+="CREATE DATABASE IF NOT EXISTS $name CHARACTER SET utf8mb3; GRANT ALL ON $name.* TO lab@'%';"
  done
  mariadb --no-defaults -S "$RUN/mysql.sock" -u root -e "$sql"
}

# Debian's wrapper insists on the account rabbitmq and /var/lib/rabbitmq; the program behind it does not.
start_broker() {
  local home=$VAR/rabbit
  mkdir -p "$home" "$ETC/rabbit"
  if [[ ! -s $home/.erlang.cookie ]]; then
    head -c 20 /dev/urandom | md5sum | cut -c1-20 >"$home/.erlang.cookie"
    chmod 400 "$home/.erlang.cookie"
  fi
  echo '[].' >"$ETC/rabbit/plugins"
  cat >"$ETC/rabbit/rabbitmq.conf" <<X
listeners.tcp.1 = $IP:$RABBIT
default_user = lab
default_pass = $PASSWORD
loopback_users = none
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
X
  start rabbit env HOME="$home" RABBITMQ_NODENAME=dbaas-lab@localhost RABBITMQ_CONFIG_FILE="$ETC/rabbit/rabbitmq.conf" \
    RABBITMQ_CONF_ENV_FILE="$ETC/rabbit/none" RABBITMQ_ENABLED_PLUGINS_FILE="$ETC/rabbit/plugins" RABBITMQ_MNESIA_BASE="$home/mnesia" \
    RABBITMQ_LOG_BASE="$LOG/rabbit" RABBITMQ_PID_FILE="$home/pid" RABBITMQ_DIST_PORT="$RABBIT_DIST" ERL_EPMD_PORT="$EPMD" \
    ERL_EPMD_ADDRESS="$IP" ERL_EPMD_RELAXED_COMMAND_CHECK=1 RABBITMQ_FEATURE_FLAGS_FILE="$home/flags" /usr/lib/rabbitmq/bin/rabbitmq-server
}

sync_identity() {
  local options=(--config-file "$ETC/keystone/keystone.conf")
  {
    once keystone-db keystone-manage "${options[@]}" db_sync
    once fernet keystone-manage "${options[@]}" fernet_setup --keystone-user root --keystone-group root
    once credentials keystone-manage "${options[@]}" credential_setup --keystone-user root --keystone-group root
    once bootstrap keystone-manage "${options[@]}" bootstrap --bootstrap-password "$PASSWORD" --bootstrap-username admin \
      --bootstrap-project-name admin --bootstrap-role-name admin --bootstrap-service-name keystone --bootstrap-region-id RegionOne \
      --bootstrap-admin-url "http://$IP:$KEYSTONE/v3" --bootstrap-public-url "http://$IP:$KEYSTONE/v3" --bootstrap-internal-url "http://$IP:$KEYSTONE/v3"
  } >"$LOG/sync-keystone.log" 2>&1 || { tail -n 20 "$LOG/sync-keystone.log" >&2; return 1; }
  OS_KEYSTONE_CONFIG_FILES=$ETC/keystone/keystone.conf wsgi keystone "$KEYSTONE" /usr/bin/keystone-wsgi-public
}

sync_nova() {
  local options=(--config-file "$ETC/nova/nova.conf")
  nova-manage "${options[@]}" api_db sync
  nova-manage "${options[@]}" cell_v2 map_cell0 --database_connection "$(database_url nova_cell0)"
  nova-manage "${options[@]}" cell_v2 list_cells | grep -q ' cell1 ' || nova-manage "${options[@]}" cell_v2 create_cell --name cell1
  nova-manage "${options[@]}" db sync
}

start_services() {
  local host
  OS_PLACEMENT_CONFIG_DIR=$ETC/placement wsgi placement "$PLACEMENT" /usr/bin/placement-api
  start neutron /usr/bin/neutron-server --config-file "$ETC/neutron/neutron.conf" --config-file "$ETC/neutron/ml2.ini"
  start nova-conductor /usr/bin/nova-conductor --config-file "$ETC/nova/nova.conf"
  start nova-scheduler /usr/bin/nova-scheduler --config-file "$ETC/nova/nova.conf"
  start nova-api /usr/bin/nova-api --config-file "$ETC/nova/nova.conf"
  start glance /usr/bin/glance-api --config-file "$ETC/glance/glance-api.conf"
  start cinder-api /usr/bin/cinder-api --config-file "$ETC/cinder/cinder.conf"
  start cinder-scheduler /usr/bin/cinder-scheduler --config-file "$ETC/cinder/cinder.conf"
  PATH=$HERE/bin:$PATH PYTHONPATH=$HERE/drivers PYTHONDONTWRITEBYTECODE=1 start cinder-volume /usr/bin/cinder-volume --config-file "$ETC/cinder/cinder.conf"
  if [[ -n $DISK ]]; then
    start_guest_host
    return
  fi

  for host in "${HOSTS[@]}"; do
    start "nova-compute-$host" /usr/bin/nova-compute --config-file "$ETC/nova/nova-compute-$host.conf"
  done
}

main "$@"
