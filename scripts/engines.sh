# shellcheck shell=bash
# Engines that Debian 12 lacks, for the tests: root file systems in the user's cache, named by their recipe. Sourced, never run.

ENGINE_IMAGES=$HOME/.cache/dbaas/images

# The -core packages: what the others' post-installation scripts do fails on a busy machine.
MYSQL_RECIPE=(
  mmdebstrap --variant=minbase '--aptopt=Acquire::Check-Valid-Until "false"' --include=mysql-server-core,mysql-client-core,iproute2,zstd,age,tzdata sid
)

# ensure_mysql_image: MySQL 8.4 or newer, made once, by one process at a time. Who is not root cannot use it; the tests say so.
ensure_mysql_image() {
  local image
  ((EUID == 0)) || return 0
  image=$ENGINE_IMAGES/mysql-sid-$(IFS=$'\n' && printf '%s' "${MYSQL_RECIPE[*]}" | sha256sum | cut -c1-12)
  mkdir -p "$ENGINE_IMAGES"
  (
    flock 8
    [[ -d $image ]] || try_again make_mysql_image "$image" 8>&-
  ) 8>"$image.lock"
}

# A cut-off one is not taken for a whole one: it gets its name at the end.
make_mysql_image() {
  note "Making a root file system with MySQL (a minute, once) …"
  rm -rf --one-file-system "$1.new"
  "${MYSQL_RECIPE[@]}" "$1.new" </dev/null >&2 && mv -T "$1.new" "$1"
}

# ensure_container_image: the one that the user names for MySQL as a container, of the Docker that runs here.
ensure_container_image() {
  local name=${DBAAS_TEST_MYSQL_IMAGE-}
  [[ -z $name ]] || docker image inspect "$name" >/dev/null 2>&1 || try_again docker pull --quiet "$name" >&2
}
