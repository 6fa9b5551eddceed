# shellcheck shell=bash
# ./dbaas up --cluster: the control plane on many nodes, all of them on this machine. Sourced, never run.

CLUSTER=$STATE/cluster
CLUSTER_APIS=(api1 api2)
CLUSTER_TASK_MANAGERS=(tm1 tm2)
CLUSTER_DATABASES=(db1 db2 db3)
DATABASE_SECONDS=120
# As root the servers run as nobody in particular: one that gives its data to another by rsync must not be root, and could not pass a state folder
# below /root.
DATABASE_USER=64322
if ((EUID == 0)); then
  DATABASES=/var/lib/dbaas/cluster/$(printf '%s' "$STATE" | sha256sum | cut -c1-8)
  AS_DATABASE=(setpriv "--reuid=$DATABASE_USER" "--regid=$DATABASE_USER" --clear-groups)
else
  DATABASES=$CLUSTER/databases
  AS_DATABASE=()
fi

# cluster_up API-PORT IDENTITY-PORT: whatever of it does not run is started; each only when those that it needs are there.
cluster_up() {
  local api_port=$1 identity_port=$2 name
  [[ $STATE != *[\"\\]* ]] || die "a cluster needs a state folder without quotes and backslashes in its path"
  mkdir -p "$CLUSTER"
  [[ -s $STATE/master.key ]] || (umask 077 && head -c 32 /dev/urandom | base64 >"$STATE/master.key")
  [[ -s $CLUSTER/password ]] || (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' 'ab' >"$CLUSTER/password")
  cluster_choose_ports
  cluster_databases_up || return
  cluster_write_settings "$api_port" "$identity_port"
  for name in "${CLUSTER_APIS[@]}"; do
    cluster_ensure "$name" "artifacts/bin/TroveApi/release/Dbaas.TroveApi" --config "$CLUSTER/$name.json" || return
  done
  for name in "${CLUSTER_TASK_MANAGERS[@]}"; do
    cluster_ensure "$name" "artifacts/bin/TaskManager/release/Dbaas.TaskManager" --config "$CLUSTER/$name.json" || return
  done
  cluster_proxy_up "$api_port" "$identity_port"
}

# In reverse, the databases one after the other: the last one knows that it has everything, and begins the next time.
cluster_down() {
  local name
  for name in proxy "${CLUSTER_TASK_MANAGERS[@]}" "${CLUSTER_APIS[@]}"; do
    cluster_signal "$name"
  done
  for name in proxy "${CLUSTER_TASK_MANAGERS[@]}" "${CLUSTER_APIS[@]}" db3 db2 db1; do
    cluster_signal "$name"
    until_true "$STOP_SECONDS" cluster_is_down "$name" || die "$name of the cluster did not stop within $STOP_SECONDS s"
  done
}

cluster_status() {
  local name pid
  for name in "${CLUSTER_DATABASES[@]}" "${CLUSTER_APIS[@]}" "${CLUSTER_TASK_MANAGERS[@]}" proxy; do
    pid=$(cluster_pid "$name") || pid="not running"
    printf '%-9s %s, log %s\n' "$name" "$pid" "$CLUSTER/$name.log"
  done
}

# A port for each thing, chosen once: nodes know each other's.
cluster_choose_ports() {
  local name
  for name in "${CLUSTER_DATABASES[@]}"; do
    cluster_port "$name"
    cluster_port "$name.group"
    cluster_port "$name.ist"
    cluster_port "$name.sst"
  done
  for name in "${CLUSTER_APIS[@]}"; do
    cluster_port "$name"
    cluster_port "$name.identity"
  done
  for name in "${CLUSTER_TASK_MANAGERS[@]}"; do
    cluster_port "$name"
  done
}

# cluster_port NAME: makes $CLUSTER/ports/NAME.
cluster_port() {
  local port
  mkdir -p "$CLUSTER/ports"
  [[ ! -s $CLUSTER/ports/$1 ]] || return 0
  while true; do
    # Below those that Linux takes for outgoing connections.
    port=$((10000 + RANDOM % 22000))
    if ! grep -qxF "$port" "$CLUSTER"/ports/* 2>/dev/null && ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      break
    fi
  done
  printf '%s\n' "$port" >"$CLUSTER/ports/$1"
}

port_of() { cat "$CLUSTER/ports/$1"; }

cluster_databases_up() {
  local name first="" own
  own=$(id -un)
  # Where the servers' user may look: the user's cache is not such a place.
  mkdir -p "$DATABASES/scripts"
  cp "$(dirname "$(command -v wsrep_sst_rsync)")"/wsrep_sst_* "$DATABASES/scripts/"
  for name in "${CLUSTER_DATABASES[@]}"; do
    [[ -d $DATABASES/$name ]] || cluster_make_database "$name" "$own" || die "mariadb-install-db failed; see $CLUSTER/$name.install"
    ! cluster_pid "$name" >/dev/null || first=none
  done
  # While none runs, one begins: the one that stopped last, or has most.
  [[ -n $first ]] || first=$(cluster_first_database)
  if [[ $first != none ]]; then
    cluster_database "$first" --wsrep-new-cluster || return
  fi
  for name in "${CLUSTER_DATABASES[@]}"; do
    cluster_database "$name" || return
  done
}

# cluster_make_database NAME USER: whole, or not there.
cluster_make_database() {
  rm -rf "$DATABASES/$1.new"
  mariadb-install-db --no-defaults --datadir="$DATABASES/$1.new" --user="$2" --skip-test-db \
    --auth-root-authentication-method=socket --auth-root-socket-user="$2" >"$CLUSTER/$1.install" 2>&1 || return
  ((EUID != 0)) || chown -R "$DATABASE_USER:$DATABASE_USER" "$DATABASES/$1.new" "$DATABASES"
  mv "$DATABASES/$1.new" "$DATABASES/$1"
}

# The one that says that it is safe; after a crash of all that with the highest position; at the very beginning the first.
cluster_first_database() {
  local name best=db1 most=-2 position
  if ! compgen -G "$DATABASES/db?/grastate.dat" >/dev/null; then
    printf db1
    return
  fi
  for name in "${CLUSTER_DATABASES[@]}"; do
    if grep -qs '^safe_to_bootstrap: 1' "$DATABASES/$name/grastate.dat"; then
      printf '%s' "$name"
      return
    fi
  done
  for name in "${CLUSTER_DATABASES[@]}"; do
    (cluster_mariadbd "$name" --wsrep-recover --log-error="$DATABASES/$name.recover") >/dev/null 2>&1 || true
    position=$(sed -n 's/.*Recovered position: *[^:]*:\(-\?[0-9]*\).*/\1/p' "$DATABASES/$name.recover" | tail -n 1)
    if ((${position:--1} > most)); then
      most=$position best=$name
    fi
  done
  sed -i 's/^safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$DATABASES/$best/grastate.dat"
  printf '%s' "$best"
}

# cluster_database NAME [OPTION…]: returns when it has all that the others have.
cluster_database() {
  local name=$1
  if ! cluster_pid "$name" >/dev/null; then
    (
      umask 077
      printf "CREATE DATABASE IF NOT EXISTS control;\nCREATE OR REPLACE USER dbaas@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON control.* TO dbaas@'%%';\n" \
        "$(<"$CLUSTER/password")" >"$DATABASES/init.sql"
      ((EUID != 0)) || chown "$DATABASE_USER" "$DATABASES/init.sql"
    )
    [[ $# == 1 ]] || set -- "$@" --init-file="$DATABASES/init.sql"
    cluster_start "$name" cluster_mariadbd "$@"
  fi
  if ! until_true "$DATABASE_SECONDS" cluster_synced_or_down "$name" || cluster_is_down "$name"; then
    complain "the database node $name did not come up; the end of $CLUSTER/$name.log:"
    tail -n 20 "$CLUSTER/$name.log" >&2
    return 1
  fi
}

cluster_synced_or_down() {
  cluster_is_down "$1" || [[ $(mariadb --no-defaults --socket="$DATABASES/$1.sock" --skip-column-names --batch \
    --execute="SHOW STATUS LIKE 'wsrep_local_state_comment'" 2>/dev/null) == *Synced ]]
}

# cluster_mariadbd NAME [OPTION…]: becomes the server.
cluster_mariadbd() {
  local name=$1
  PATH=$DATABASES/scripts:$PATH exec "${AS_DATABASE[@]}" mariadbd --no-defaults --datadir="$DATABASES/$name" --socket="$DATABASES/$name.sock" --port="$(port_of "$name")" \
    --bind-address=127.0.0.1 --skip-name-resolve --innodb-buffer-pool-size=64M --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
    --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name="dbaas" --wsrep-node-name="$name" \
    --wsrep-cluster-address="gcomm://127.0.0.1:$(port_of db1.group),127.0.0.1:$(port_of db2.group),127.0.0.1:$(port_of db3.group)" \
    --wsrep-node-address="127.0.0.1:$(port_of "$name.group")" --wsrep-sst-method=rsync \
    --wsrep-sst-receive-address="127.0.0.1:$(port_of "$name.sst")" \
    --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$(port_of "$name.group");ist.recv_addr=127.0.0.1:$(port_of "$name.ist");gcache.size=64M" \
    "${@:2}"
}

# Each node begins with another database node: all of them are written to.
cluster_write_settings() {
  local name number=0 own
  for name in "${CLUSTER_APIS[@]}" "${CLUSTER_TASK_MANAGERS[@]}"; do
    if [[ $name == api* ]]; then
      own=$(printf '"ApiPort": %s, "IdentityPort": %s, "UnreadySeconds": 2, "PublicEndpoint": "http://127.0.0.1:%s", "PublicIdentityEndpoint": "http://127.0.0.1:%s/v3"' \
        "$(port_of "$name")" "$(port_of "$name.identity")" "$1" "$2")
    else
      own=$(printf '"HealthPort": %s, "Agent": "%s"' "$(port_of "$name")" "$AGENT")
    fi
    (
      umask 077
      printf '{ "Home": "%s", "NodeName": "%s", "Database": [ %s, %s, %s ], %s }\n' "$STATE" "$name" \
        "$(connection_to $((number % 3 + 1)))" "$(connection_to $(((number + 1) % 3 + 1)))" "$(connection_to $(((number + 2) % 3 + 1)))" "$own" \
        >"$CLUSTER/$name.json"
    )
    number=$((number + 1))
  done
}

connection_to() {
  printf '"Server=127.0.0.1;Port=%s;Database=control;User ID=dbaas;Password=%s"' "$(port_of "db$1")" "$(<"$CLUSTER/password")"
}

# cluster_ensure NAME COMMAND…: returns when it is ready.
cluster_ensure() {
  local name=$1
  cluster_pid "$name" >/dev/null || cluster_start "$@"
  if ! until_true "$START_SECONDS" cluster_ready_or_down "$name" || cluster_is_down "$name"; then
    complain "$name of the cluster ended, or was not ready within $START_SECONDS s; the end of $CLUSTER/$name.log:"
    tail -n 20 "$CLUSTER/$name.log" >&2
    return 1
  fi
}

cluster_ready_or_down() { cluster_is_down "$1" || answers "http://127.0.0.1:$(port_of "$1")" /readiness; }

cluster_proxy_up() {
  local name
  {
    printf 'global\n  maxconn 1000\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n'
    # A node that is busy takes its time to answer, and is not dead for that.
    printf '  timeout check 5s\n'
    printf '  option redispatch\n  retries 2\n  retry-on conn-failure\n  option httpchk GET /readiness\n  default-server check inter 500ms fall 2 rise 1\n'
    printf 'listen api\n  bind 127.0.0.1:%s\n' "$1"
    for name in "${CLUSTER_APIS[@]}"; do
      printf '  server %s 127.0.0.1:%s\n' "$name" "$(port_of "$name")"
    done
    printf 'listen identity\n  bind 127.0.0.1:%s\n' "$2"
    for name in "${CLUSTER_APIS[@]}"; do
      printf '  server %s 127.0.0.1:%s port %s\n' "$name" "$(port_of "$name.identity")" "$(port_of "$name")"
    done
  } >"$CLUSTER/proxy.cfg"
  cluster_pid proxy >/dev/null || cluster_start proxy haproxy -db -f "$CLUSTER/proxy.cfg"
  if ! until_true "$START_SECONDS" answers_through_proxy "$1" || cluster_is_down proxy; then
    complain "the proxy of the cluster did not come up; the end of $CLUSTER/proxy.log:"
    tail -n 20 "$CLUSTER/proxy.log" >&2
    return 1
  fi
  # Whoever asks whether the service is up asks for the proxy.
  cp "$CLUSTER/proxy.pid" "$STATE/service.pid"
}

answers_through_proxy() { cluster_is_down proxy || answers "http://127.0.0.1:$1"; }

# cluster_start NAME COMMAND…: in the background; $CLUSTER/NAME.pid names the process as service.pid does.
cluster_start() {
  local name=$1 pid log=$CLUSTER/$1.log
  [[ -e $log ]] || install -m 0600 /dev/null "$log"
  # A function becomes its program: there is no shell between.
  (
    trap '' HUP INT
    if [[ $(type -t "$2") == function ]]; then "${@:2}"; else exec "${@:2}"; fi
  ) </dev/null >>"$log" 2>&1 7>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$CLUSTER/$name.pid"
}

cluster_pid() {
  local pid started
  [[ -r $CLUSTER/$1.pid ]] || return 1
  read -r pid started <"$CLUSTER/$1.pid"
  [[ -n $started && $(start_time "$pid") == "$started" ]] || return 1
  printf '%s' "$pid"
}

cluster_is_down() { ! cluster_pid "$1" >/dev/null; }

cluster_signal() {
  local pid
  ! pid=$(cluster_pid "$1") || kill -TERM "$pid" 2>/dev/null || true
}
