# shellcheck shell=bash
# The service on this machine: up, down, status, and our client. Sourced, never run.

START_SECONDS=60
STOP_SECONDS=60

up() {
  local detach="" cluster="" arguments=() api_port=8779 identity_port=5000
  while (($# > 0)); do
    case $1 in
      --detach) detach=1 ;;
      --cluster) cluster=1 ;;
      --api-port | --identity-port)
        [[ ${2-} =~ ^[0-9]{1,5}$ ]] || die "$1 needs a port number"
        arguments+=("$1" "$2")
        if [[ $1 == --api-port ]]; then api_port=$2; else identity_port=$2; fi
        shift
        ;;
      --config)
        local file
        file=$(cd "$CALLER" && realpath -m "${2:-.}")
        [[ -f $file && -r $file ]] || die "--config needs a file that can be read, not '${2-}'"
        arguments+=("$1" "$file")
        shift
        ;;
      *) die "up does not know '$1'; see ./dbaas --help" ;;
    esac
    shift
  done

  [[ -z $cluster || " ${arguments[*]} " != *" --config "* ]] || die "--cluster writes its nodes' configurations itself: it takes no --config"
  [[ -n $cluster || ! -d $STATE/cluster ]] || die "the state folder $STATE is a cluster's: ./dbaas up --cluster"
  [[ -z $cluster || -d $STATE/cluster || ! -e $STATE/control.sqlite ]] || die "the state folder $STATE is that of a single service: a cluster needs another DBAAS_HOME"
  # What of a cluster does not run is started.
  if [[ -z $cluster ]] && already_up; then return; fi
  ensure_packages "${RUNTIME_PACKAGES[@]}"
  if [[ -n $cluster ]]; then
    ensure_packages "${CLUSTER_PACKAGES[@]}"
    ensure_galera_scripts || die "what a Galera node needs could not be had"
  fi
  ensure_service_built
  ensure_agent_published
  ensure_client_published
  prepare_state

  # Two calls at once start one service. Nothing that outlives this script may inherit the lock.
  exec 7>"$STATE/up.lock"
  flock 7
  if [[ -n $cluster ]]; then
    cluster_up "$api_port" "$identity_port" || return
    exec 7>&-
    note "Up, as a cluster: $(service_summary)"
    say_isolation
    return
  fi
  if already_up; then return; fi
  # What an earlier service wrote must not be taken for this one's.
  rm -f "$STATE/openrc" "$STATE/admin-openrc"
  arguments=(serve --state "$STATE" --agent "$AGENT" "${arguments[@]}")
  if [[ -n $detach ]]; then
    up_detached "${arguments[@]}"
  else
    note "State: $STATE. Ctrl-C stops the service; the instances go on serving."
    record_pid "$$"
    exec "$STANDALONE" "${arguments[@]}" 7>&-
  fi
}

already_up() {
  is_up && note "Already up: $(service_summary)"
}

up_detached() {
  local log=$STATE/service.log pid
  # It may name what tenants called their things.
  [[ -e $log ]] || install -m 0600 /dev/null "$log"
  setsid "$STANDALONE" "$@" </dev/null >>"$log" 2>&1 7>&- &
  pid=$!
  record_pid "$pid"
  if ! until_true "$START_SECONDS" answers_or_died "$pid" || ! is_up; then
    complain "the service ended, or did not answer within $START_SECONDS s; the end of $log:"
    tail -n 20 "$log" >&2
    return 1
  fi
  exec 7>&-
  note "Up: $(service_summary)"
  say_isolation
  note "Next: ./dbaas trove list · ./dbaas demo · . $STATE/openrc for other clients · ./dbaas down"
}

answers_or_died() { is_down || answers "$(openrc_value DBAAS_API_URL)"; }

# What this machine does not let the service enforce. The service looks at its start.
say_isolation() {
  [[ ! -s $STATE/not-isolated ]] || note "Servers are not kept apart here: $(<"$STATE/not-isolated"). \`trove show\` of an instance says what that leaves out."
}

# answers URL [PATH]: GET gives 200. No curl: a bare machine has none.
answers() {
  [[ $1 =~ ^http://([^:/]+):([0-9]+) ]] || return 1
  # The inner shell expands its own arguments.
  # shellcheck disable=SC2016
  timeout 5 bash -c '
    exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.0\r\nHost: %s:%s\r\n\r\n" "$3" "$1" "$2" >&3 && read -r answer <&3 \
      && [[ $answer == HTTP/1.?" 200"* ]]' _ "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${2-/}" 2>/dev/null
}

prepare_state() {
  # Secrets are in here.
  mkdir -p "$STATE/bin"
  chmod 0700 "$STATE"
  # Bash, since its %q writes what other shells do not read.
  printf '#!/usr/bin/env bash\n# Our client at the service of this state folder.\nSTATE=%q\nsource %q\nlog_in\nexec %q "$@"\n' \
    "$STATE" "$ROOT/scripts/login.sh" "$CLIENT" >"$STATE/bin/trove.new"
  chmod 0755 "$STATE/bin/trove.new"
  mv "$STATE/bin/trove.new" "$STATE/bin/trove"
}

down() {
  local purge="" pid
  case ${1-} in
    "") ;;
    --purge) purge=1 ;;
    *) die "down does not know '$1'; see ./dbaas --help" ;;
  esac

  if pid=$(service_pid); then
    kill -TERM "$pid"
    until_true "$STOP_SECONDS" is_down || die "the service (pid $pid) did not stop within $STOP_SECONDS s"
    note "The service is down."
  else
    note "The service is not up."
  fi
  rm -f "$STATE/service.pid"
  [[ ! -d $STATE/cluster ]] || cluster_down

  if [[ -n $purge ]]; then
    ensure_service_built
    "$STANDALONE" purge --state "$STATE"
    rm -rf "$DATABASES"
    note "Its instances and their data are removed."
  else
    note "Its instances go on serving; ./dbaas up takes them over again, ./dbaas down --purge removes them."
  fi
}

rotate_key() {
  ensure_service_built
  "$STANDALONE" rotate-key --state "$STATE"
}

status() {
  if is_down; then
    note "The service is not up (state folder $STATE). ./dbaas up --detach starts it."
    return 3
  fi
  printf 'service   %s\nlog       %s\n' "$(service_summary)" "$STATE/service.log"
  [[ ! -d $STATE/cluster ]] || cluster_status
  say_isolation
  printf '\n'
  if ! answers "$(openrc_value DBAAS_API_URL)"; then
    complain "the service runs, but its API does not answer"
    return 1
  fi
  if [[ -r $STATE/admin-openrc ]]; then
    printf 'Instances of all projects:\n'
    own_trove admin-openrc list --all --health
  elif [[ -z $(openrc_value OS_USERNAME) ]]; then
    printf 'Users are those of a Keystone: with your own OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME set, ./dbaas trove list\n'
  else
    # The configuration names no administrator.
    printf 'Instances of the project %s:\n' "$(openrc_value OS_PROJECT_NAME)"
    own_trove openrc list --health
  fi
}

service_summary() {
  printf 'pid %s, database API %s, identity %s, state folder %s' \
    "$(service_pid)" "$(openrc_value DBAAS_API_URL)" "$(openrc_value OS_AUTH_URL)" "$STATE"
}

# Our client at this service, as whoever the caller is logged in as there.
trove() {
  ensure_client_published
  (
    log_in
    # Files that the user names are where the user is.
    cd "$CALLER" && exec "$CLIENT" "$@"
  )
}

# own_trove LOGIN-FILE …: our client at this service, wherever the caller is logged in.
own_trove() {
  ensure_client_published
  (
    # shellcheck disable=SC1090
    source "$STATE/$1"
    cd "$CALLER" && exec "$CLIENT" "${@:2}"
  )
}

# $STATE/service.pid holds "pid start-time": the pair names one process, a pid alone may come again.
record_pid() {
  printf '%s %s\n' "$1" "$(start_time "$1")" >"$STATE/service.pid.new"
  mv "$STATE/service.pid.new" "$STATE/service.pid"
}

service_pid() {
  local pid started
  [[ -r $STATE/service.pid ]] || return 1
  read -r pid started <"$STATE/service.pid"
  [[ -n $started && $(start_time "$pid") == "$started" ]] || return 1
  printf '%s' "$pid"
}

is_up() { service_pid >/dev/null; }

is_down() { ! is_up; }

# start_time PID: in ticks since boot; nothing when the process is gone, or dead and not yet reaped.
start_time() {
  local stat fields
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
  # The program's name, before the last ")", may hold anything.
  read -r -a fields <<<"${stat##*) }"
  [[ ${fields[0]} == Z ]] || printf '%s' "${fields[19]}"
}
