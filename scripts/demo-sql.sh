# shellcheck shell=bash
# shellcheck disable=SC2034 # names that the other parts use
# The demo's ordinary MySQL connections. Sourced, never run.

DUMP_THREADS="SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'"
# By the names that the agents give: who else may read the log is the agent's own login, called as whoever runs it.
REPLICATION_USERS="SELECT COUNT(*) FROM mysql.user WHERE User LIKE 'repl\\_%'"
# What a server is told for replication, beside its log.
REPLICATION_SETTINGS="SELECT CONCAT('log_slave_updates=', @@log_slave_updates + 0, ' gtid_strict_mode=', @@gtid_strict_mode + 0, ' sync_binlog=', @@sync_binlog)"

# Passwords go to the client by files that only we can read: never on a command line, never in the environment.
demo_secrets() {
  SECRETS=$(mktemp -d)
  trap 'rm -rf "$SECRETS"' EXIT
  use_password app secret
}

# use_password USER PASSWORD
use_password() {
  [[ -n $2 ]] || die "demo: no password for $1"
  local quoted=${2//\\/\\\\}
  printf '[client]\nuser=%s\npassword="%s"\nprotocol=tcp\nconnect-timeout=10\n' "$1" "${quoted//\"/\\\"}" >"$SECRETS/$1"
}

client() { mariadb --defaults-file="$SECRETS/$1" --host="$2" "${@:3}" </dev/null; }

# sql USER HOST STATEMENT: shown and run.
sql() {
  printf '\n$ mariadb -h %s -u %s -p -e "%s"\n' "$2" "$1" "$3"
  client "$1" "$2" --execute="$3"
}

show_rows() {
  printf '\n$ mariadb -h %s -u %s -p -e "%s"\n' "$2" "$1" "$3"
  client "$1" "$2" --table --execute="$3"
}

# ask USER HOST QUERY: the bare value.
ask() { client "$1" "$2" --batch --skip-column-names --execute="$3"; }

# masters_of USER HOST: how many masters the server is configured to follow.
masters_of() { client "$1" "$2" --batch --skip-column-names --execute="SHOW ALL SLAVES STATUS" | wc -l; }

# log_files NAME: how many files of a binary log lie on the instance's volume, wherever the plane has it.
log_files() {
  local id
  id=$(property "$1" id)
  [[ -n $id ]] || return 1
  find /run/dbaas/*/"$id" /var/lib/dbaas/volumes/*/"$id" "$STATE/local/volumes/$id/mnt" -path '*/binlog/*' -type f 2>/dev/null | wc -l
}

# has_log_files NAME
has_log_files() { if (($(log_files "$1") > 0)); then echo yes; else echo no; fi; }

# expect_refused USER HOST STATEMENT: by a server that is read-only, and for no other reason.
expect_refused() {
  local answer
  printf '\n$ mariadb -h %s -u %s -p -e "%s"\n' "$2" "$1" "$3"
  if answer=$(client "$1" "$2" --execute="$3" 2>&1); then
    die "demo: the slave took a write from $1"
  fi
  printf '%s\n' "$answer"
  [[ $answer == *"read-only"* ]] || die "demo: the write of $1 was refused, but not because the server is read-only"
  printf '   ok  the slave refuses a write of %s\n' "$1"
}
