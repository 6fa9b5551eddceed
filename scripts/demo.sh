# shellcheck shell=bash
# ./dbaas demo: the story of a replicated pair and of a lost instance, every expectation checked. Sourced, never run.

source scripts/demo-sql.sh

# What may take a moment: a report of a guest, a row on its way, a restart.
SOON=120

demo() {
  SECONDS=0
  up --detach "$@"
  # The story happens at this service, wherever the caller is logged in.
  unset OS_AUTH_URL
  demo_secrets
  remove_last_demo
  pick_names

  tell_master
  tell_slave
  tell_replication
  tell_detach
  tell_demotion
  tell_backups
  tell_loss
  tell_mistake
  tell_failover

  chapter "That is the story ($SECONDS s). It is left running:"
  run list
  cat <<TEXT

  ./dbaas trove --help        more commands
  . $STATE/openrc             log Debian's own clients in
  ./dbaas status              what is running
  ./dbaas down                stop the service; the databases go on serving
  ./dbaas down --purge        and remove them
TEXT
}

tell_master() {
  chapter "A database instance with a database and a user"
  run create "$M" 7 --size 2 --databases shop --users app:secret --wait
  remember "$M"
  run list
  expect_property "$M" status ACTIVE

  MASTER=$(address_of "$M")
  chapter "Rows are written to $M ($MASTER) through an ordinary MySQL connection"
  sql app "$MASTER" "CREATE TABLE shop.orders (id INT PRIMARY KEY, what VARCHAR(40))"
  sql app "$MASTER" "INSERT INTO shop.orders VALUES (1,'before the attach'),(2,'too'),(3,'and this')"
  expect "rows on $M" "$(ask app "$MASTER" "SELECT COUNT(*) FROM shop.orders")" 3
}

tell_slave() {
  chapter "A slave: the same command, naming its master"
  run create "$S" 7 --size 2 --slave_of "$M" --wait
  remember "$S"
  run show "$S"
  expect_property "$S" status ACTIVE
  expect_property "$S" slaveof "$(property "$M" id)"
  run show "$M"
  expect_property "$M" slaves "$(property "$S" id)"
  SLAVE=$(address_of "$S")
}

tell_replication() {
  chapter "Rows from before and after the attach are read from $S ($SLAVE)"
  sql app "$MASTER" "INSERT INTO shop.orders VALUES (4,'after the attach')"
  expect_soon "rows on $S" 4 ask app "$SLAVE" "SELECT COUNT(*) FROM shop.orders"
  show_rows app "$SLAVE" "SELECT * FROM shop.orders ORDER BY id"

  chapter "$S refuses writes, also from root"
  printf '\n$ trove root-enable %s\n(the password is kept for the next steps and not shown here)\n' "$M"
  use_password root "$(trove root-enable "$M" | awk '$1 == "password" { print $2 }')"
  expect_refused app "$SLAVE" "INSERT INTO shop.orders VALUES (5,'astray')"
  expect_soon "root, enabled on $M, logs in on $S" 1 ask root "$SLAVE" "SELECT 1"
  expect_refused root "$SLAVE" "INSERT INTO shop.orders VALUES (5,'astray')"

  chapter "The set as a tree"
  run topology "$M"
  expect_soon "slaves under $M" 1 slaves_in_tree
  expect_soon "connections that feed slaves on $M" 1 ask root "$MASTER" "$DUMP_THREADS"
  expect "binary log of $M" "$(ask root "$MASTER" "SELECT @@log_bin")" 1
  expect "binary log files on the volume of $M" "$(has_log_files "$M")" yes
  expect "settings of $M" "$(ask root "$MASTER" "$REPLICATION_SETTINGS")" "log_slave_updates=1 gtid_strict_mode=1 sync_binlog=1"
  expect "masters that $S follows" "$(masters_of root "$SLAVE")" 1
}

tell_detach() {
  chapter "They part: $S becomes independent and writable"
  run detach_replication "$S" --wait
  run show "$S"
  expect_property "$S" slaveof ""
  expect_property "$M" slaves ""
  expect_soon "rows on $S after a write to it" 5 write_and_count "$SLAVE"
  # Its demotion may be restarting it at this moment.
  expect_soon "rows on $M, which does not hear of it" 4 ask app "$MASTER" "SELECT COUNT(*) FROM shop.orders"
}

tell_demotion() {
  chapter "$M has no slave left and is demoted: as if it had never had one"
  expect_soon "binary log of $M" 0 ask root "$MASTER" "SELECT @@log_bin"
  expect_soon "binary log files on the volume of $M" no has_log_files "$M"
  expect_soon "settings of $M" "log_slave_updates=0 gtid_strict_mode=0 sync_binlog=0" ask root "$MASTER" "$REPLICATION_SETTINGS"
  expect_soon "masters that $M follows" 0 masters_of root "$MASTER"
  expect_soon "masters that $S follows" 0 masters_of root "$SLAVE"
  expect_soon "users for replication on $M" 0 ask root "$MASTER" "$REPLICATION_USERS"
  expect_soon "connections that feed slaves on $M" 0 ask root "$MASTER" "$DUMP_THREADS"
  expect_soon "status of $M" ACTIVE property "$M" status
  sql app "$MASTER" "INSERT INTO shop.orders VALUES (6,'$M goes on')"
  expect "rows on $M" "$(ask app "$MASTER" "SELECT COUNT(*) FROM shop.orders")" 5
  expect "rows on $S, which does not hear of it" "$(ask app "$SLAVE" "SELECT COUNT(*) FROM shop.orders")" 5
}

tell_backups() {
  chapter "$M is backed up while it serves: all of it, then what changed since"
  run backup-create "$M" "$M-full" --wait
  remember_backup "$M-full"
  sql app "$MASTER" "INSERT INTO shop.orders VALUES (7,'after the full backup')"
  run backup-create "$M" "$M-later" --parent "$M-full" --wait
  remember_backup "$M-later"
  run backup-list-instance "$M"
  expect "backups of $M that are complete" "$(trove backup-list-instance "$M" | grep -cw COMPLETED)" 2
}

tell_loss() {
  chapter "$M is lost, and comes back as $R with every row, user and password"
  run delete "$M" --wait
  run create "$R" 7 --size 2 --backup "$M-later" --point-in-time --wait
  remember "$R"
  RESTORED=$(address_of "$R")
  expect "rows on $R" "$(ask app "$RESTORED" "SELECT COUNT(*) FROM shop.orders")" 6
  show_rows app "$RESTORED" "SELECT * FROM shop.orders ORDER BY id"
  sql app "$RESTORED" "INSERT INTO shop.orders VALUES (8,'$R goes on')"
}

tell_mistake() {
  local moment
  chapter "$R has its log archived: a mistake is made, and $P is what $R was the second before"
  expect_soon "$R can be restored" yes can_be_restored "$R" ""
  # The one that the archive begins with.
  trove backup-list-instance "$R" | awk 'NR > 1 { print $1 }' >>"$STATE/demo-backups"
  sql app "$RESTORED" "INSERT INTO shop.orders VALUES (9,'worth keeping')"
  moment=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  # MariaDB writes down whole seconds.
  sleep 2
  sql app "$RESTORED" "DELETE FROM shop.orders"
  expect_soon "$R can be restored to $moment" yes can_be_restored "$R" "$moment"
  run create "$P" 7 --size 2 --restore-of "$R" --restore-time "$moment" --wait
  remember "$P"
  expect "rows on $P" "$(ask app "$(address_of "$P")" "SELECT COUNT(*) FROM shop.orders")" 8
  expect "rows on $R" "$(ask app "$RESTORED" "SELECT COUNT(*) FROM shop.orders")" 0
}

tell_failover() {
  local last
  chapter "$R freezes while a client writes to it, and its slave $F takes its place by itself"
  run create "$F" 7 --size 2 --slave_of "$R" --failover automatic --wait
  remember "$F"
  TAKER=$(address_of "$F")
  expect_soon "$R is free" ACTIVE property "$R" status
  freeze_after_writes "$R" "$RESTORED" 10
  last=$(milliseconds)
  until_true "$SOON" client app "$TAKER" --execute="INSERT INTO shop.orders VALUES (100,'the first on $F')" 2>/dev/null ||
    die "demo: $F takes no writes within $SOON s"
  printf '   ok  %s takes writes, %s s after the last one on %s\n' "$F" "$(seconds_since "$last")" "$R"
  expect_soon "status of $F" ACTIVE property "$F" status
  expect_property "$F" slaveof ""
  expect "rows on $F" "$(ask app "$TAKER" "SELECT COUNT(*) FROM shop.orders")" 11
  expect "processes of $R, which was switched off before" "$(processes_of "$R")" 0
  run show "$R"
}

# freeze_after_writes NAME HOST ROWS: it hangs, with all that runs on it, as a machine does whose power or network is gone.
freeze_after_writes() {
  local row
  for ((row = 10; row < 10 + $3; row++)); do
    client app "$2" --execute="INSERT INTO shop.orders VALUES ($row,'written to $1')"
  done
  expect_soon "rows on $F" "$3" ask app "$TAKER" "SELECT COUNT(*) FROM shop.orders"
  pkill -STOP -f "$(property "$1" id)"
}

processes_of() { pgrep -fc "$(property "$1" id)" || true; }

milliseconds() { date +%s%3N; }

seconds_since() { awk -v from="$1" -v to="$(milliseconds)" 'BEGIN { printf "%.1f", (to - from) / 1000 }'; }

# can_be_restored NAME MOMENT: what was committed until then is archived.
can_be_restored() {
  local latest
  latest=$(property "$1" restorable_times | awk '{ print $NF }')
  if [[ -n $latest && ! $latest < $2 ]]; then echo yes; else echo no; fi
}

slaves_in_tree() { trove topology "$M" | grep -c -- "── $S  "; }

write_and_count() {
  ask app "$1" "REPLACE INTO shop.orders VALUES (5,'written to the former slave'); SELECT COUNT(*) FROM shop.orders"
}

# The instances and backups of the demo before this one would take names and quota.
remove_last_demo() {
  local id ids=()
  # Those that follow on another go with it.
  if [[ -r $STATE/demo-backups ]]; then
    while read -r id; do
      if trove backup-show "$id" >/dev/null 2>&1; then trove backup-delete "$id" >/dev/null; fi
    done <"$STATE/demo-backups"
    rm -f "$STATE/demo-backups"
  fi
  [[ -r $STATE/demo ]] || return 0
  while read -r id; do
    # Slaves were written down after their master, and go before it.
    if trove show "$id" >/dev/null 2>&1; then ids=("$id" "${ids[@]}"); fi
  done <"$STATE/demo"
  if ((${#ids[@]} > 0)); then
    note "Removing the instances of the last demo …"
    for id in "${ids[@]}"; do
      trove delete "$id" --wait >/dev/null || trove force-delete "$id" --wait >/dev/null
    done
  fi
  rm -f "$STATE/demo"
}

remember() { property "$1" id >>"$STATE/demo"; }

remember_backup() { trove backup-show "$1" | awk '$1 == "id" { print $2 }' >>"$STATE/demo-backups"; }

# m1, s1, r1, p1 and f1, or the next numbers when somebody has those.
pick_names() {
  local taken number=1
  taken=$(trove list | awk 'NR > 1 { print $2 }')
  while grep -qxE "[msrpf]$number" <<<"$taken"; do
    number=$((number + 1))
  done
  M=m$number S=s$number R=r$number P=p$number F=f$number
}

chapter() { printf '\n== %s\n' "$*"; }

# Prints a command of our client as a user would type it, and runs it.
run() {
  printf '\n$ trove %s\n' "$*"
  trove "$@"
}

# property NAME PROPERTY: one value of trove show; nothing when it is not there.
property() { trove show "$1" | awk -v property="$2" '$1 == property { $1 = ""; print substr($0, 2) }'; }

address_of() {
  local address
  address=$(property "$1" ip)
  [[ -n $address ]] || die "trove show $1 names no address"
  printf '%s' "${address%%,*}"
}

# expect WHAT SEEN EXPECTED
expect() {
  [[ $2 == "$3" ]] || die "demo: $1: expected '$3', saw '$2'"
  printf '   ok  %s: %s\n' "$1" "${3:-none}"
}

# expect_property NAME PROPERTY EXPECTED
expect_property() {
  local seen
  seen=$(property "$1" "$2")
  expect "$2 of $1" "$seen" "$3"
}

# expect_soon WHAT EXPECTED COMMAND…: what the command prints becomes what is expected.
expect_soon() {
  local what=$1 expected=$2 seen
  shift 2
  until_true "$SOON" prints "$expected" "$@" || {
    seen=$("$@" 2>&1) || true
    die "demo: $what: expected '$expected' within $SOON s, saw '$seen'"
  }
  printf '   ok  %s: %s\n' "$what" "$expected"
}

prints() {
  local expected=$1
  shift
  [[ $("$@" 2>/dev/null) == "$expected" ]]
}
