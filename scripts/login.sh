# shellcheck shell=bash
# Logging in at the service of $STATE. Sourced by the other parts, and by $STATE/bin/trove.

# Whoever the caller is logged in as there stays that. A login at another identity is for something else, such as the cloud that holds the servers;
# it is used only where no service was ever up.
log_in() {
  if [[ -r $STATE/openrc && ${OS_AUTH_URL-} != "$(openrc_value OS_AUTH_URL)" ]]; then
    # shellcheck disable=SC1091
    source "$STATE/openrc"
  fi
}

# openrc_value NAME: what the service wrote about itself at its start; nothing before that.
openrc_value() {
  [[ -r $STATE/openrc ]] || return 0
  # shellcheck disable=SC1091
  (
    unset "$1"
    source "$STATE/openrc" && printf '%s' "${!1-}"
  )
}
