# shellcheck shell=bash
# What every part of the entry script uses. Sourced, never run.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# No build processes that stay behind.
export MSBUILDDISABLENODEREUSE=1

# Words for people go to standard error; standard output belongs to the command.
note() { printf '%s\n' "$*" >&2; }

complain() { printf 'dbaas: %s\n' "$*" >&2; }

die() {
  complain "$@"
  exit 1
}

# Runs a command as root. Standard input is not used: nobody may be there to answer.
as_root() {
  if ((EUID == 0)); then
    "$@" </dev/null
  elif command -v sudo >/dev/null; then
    sudo "$@" </dev/null
  else
    die "this needs root: $* (run it yourself, or install sudo)"
  fi
}

# Seconds between the tries of what may fail for a moment: what comes from elsewhere.
RETRY_AFTER=(5 20)

# try_again COMMAND…: once, and after each pause.
try_again() {
  local pause
  for pause in "${RETRY_AFTER[@]}"; do
    "$@" && return
    note "That failed; trying again in $pause s: $1"
    sleep "$pause"
  done
  "$@"
}

# until_true SECONDS COMMAND…: tries until the command succeeds; false at the deadline.
until_true() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}
