# shellcheck shell=bash
# The lab's common parts. Sourced by up.sh and down.sh with FOLDER set; never run.
# shellcheck disable=SC2034 # names that the other parts use

# Debian's python3 must win over any other, and the mount that cinder-volume calls must be ours.
export LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ETC=$FOLDER/etc RUN=$FOLDER/run LOG=$FOLDER/log VAR=$FOLDER/var
IP=127.0.0.1

# Below the ephemeral range, and away from the services' own: our built-in identity and a user's cloud may run beside the lab.
KEYSTONE=25000 PLACEMENT=28778 NOVA=28774 GLANCE=29292 NEUTRON=29696 CINDER=28776
MARIADB=23306 MEMCACHED=21211 RABBIT=25672 RABBIT_DIST=25673 EPMD=24369

# For throw-away services that listen on the loopback address only.
PASSWORD=lab

# The compute services: two, so that a server can be moved, and one rule can keep servers apart.
HOSTS=(node1 node2)

# A pid file holds "PID STARTTIME": a number that was given to somebody else is never taken for ours.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

is_alive() {
  local pid start
  [[ -s $RUN/$1.pid ]] && read -r pid start <"$RUN/$1.pid" && [[ -n $start && $(started_at "$pid") == "$start" ]]
}

# start NAME COMMAND…: in the background and in a session of its own.
start() {
  local name=$1 pid
  shift
  if is_alive "$name"; then return; fi
  setsid nice -n 5 "$@" >>"$LOG/$name.log" 2>&1 </dev/null &
  pid=$!
  disown "$pid"
  echo "$pid $(started_at "$pid")" >"$RUN/$name.pid"
}

# stop_all: everybody is asked at once, and killed with all children five seconds later. The databases come last.
stop_all() {
  local files=("$@") file name pid start waited
  for file in "${files[@]}"; do
    name=$(basename "$file" .pid)
    if is_alive "$name"; then kill "$(cut -d' ' -f1 "$file")" || true; fi
  done
  for ((waited = 0; waited < 25; waited++)); do
    local alive=0
    for file in "${files[@]}"; do if is_alive "$(basename "$file" .pid)"; then alive=1; fi; done
    ((alive)) || break
    sleep 0.2
  done
  for file in "${files[@]}"; do
    read -r pid start <"$file" || true
    # The children of one that has ended are still in its group, and its number is not given away before they are gone.
    if [[ -n $pid ]] && { [[ ! -e /proc/$pid ]] || [[ $(started_at "$pid") == "$start" ]]; }; then
      kill -9 -- "-$pid" 2>/dev/null || true
    fi
    rm -f "$file"
  done
}

# wait_http NAME URL: until it answers with anything that is not its own failure.
wait_http() {
  local code tries
  for ((tries = 0; tries < 450; tries++)); do
    code=$(curl -s -o /dev/null -m 5 -w '%{http_code}' "$2" || true)
    if [[ $code != 000 ]] && ((code < 500)); then return; fi
    is_alive "$1" || break
    sleep 0.2
  done
  echo "$1 does not answer:" >&2
  tail -n 30 "$LOG/$1.log" >&2
  return 1
}

wait_tcp() {
  local tries
  for ((tries = 0; tries < 450; tries++)); do
    if (exec 3<>"/dev/tcp/$IP/$2") 2>/dev/null; then return; fi
    is_alive "$1" || break
    sleep 0.2
  done
  echo "$1 does not listen:" >&2
  tail -n 30 "$LOG/$1.log" >&2
  return 1
}

# wsgi NAME PORT SCRIPT: the three switches at the end keep clients that reuse connections from being cut off.
wsgi() {
  start "$1" uwsgi_python3 --http-socket "$IP:$2" --wsgi-file "$3" --master --processes 2 --threads 1 --lazy-apps --enable-threads \
    --die-on-term --buffer-size 65535 --need-app --disable-logging --add-header 'Connection: close' --post-buffering 65536
}

database_url() { echo "mysql+pymysql://lab:$PASSWORD@$IP:$MARIADB/$1?charset=utf8"; }

seconds_since() { echo "$(($(date +%s) - $1)) s"; }

# credentials USER: how a service logs in.
credentials() {
  cat <<X
auth_url = http://$IP:$KEYSTONE
auth_type = password
project_domain_name = Default
user_domain_name = Default
project_name = service
username = $1
password = $PASSWORD
region_name = RegionOne
X
}

token_check() {
  cat <<X
[keystone_authtoken]
www_authenticate_uri = http://$IP:$KEYSTONE
memcached_servers = $IP:$MEMCACHED
service_token_roles_required = true
service_token_roles = service
$(credentials "$1")
X
}

# common_options: of the services that talk through the broker.
common_options() {
  cat <<X
use_stderr = true
transport_url = rabbit://lab:$PASSWORD@$IP:$RABBIT/
X
}
