# shellcheck shell=bash
# shellcheck disable=SC2034 # names that the other parts use
# Building: only what changed, by a hash of its sources. Sourced, never run.

STANDALONE=artifacts/bin/Standalone/release/Dbaas.Standalone
# One compiler process for all projects, ended behind the build: starting one for each costs more than compiling.
QUIET=(-v q --nologo -tl:off -p:UseSharedCompilation=true)
BUILD_FILES=(Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig)

ensure_sdk() {
  local where=https://dotnet.microsoft.com/download/dotnet/10.0
  if ! command -v dotnet >/dev/null && [[ -x $HOME/.dotnet/dotnet ]]; then
    export PATH=$PATH:$HOME/.dotnet
  fi
  command -v dotnet >/dev/null || die "the .NET SDK is missing: install 10.0.4xx from $where"
  # global.json decides which version will do.
  SDK_VERSION=$(dotnet --version 2>/dev/null) \
    || die "the .NET SDK must be 10.0.401 or a later 10.0.4xx; there is: $(dotnet --list-sdks | tr '\n' ' '). Get it from $where"
  # Our programs look for the runtime here when it is in no usual place.
  export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
}

# hash_of PATH…: one word for the contents of files and folders.
hash_of() {
  {
    uname -m
    printf '%s\n' "$SDK_VERSION"
    find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c1-16
}

# once MARK COMMAND…: runs the command unless it succeeded before, one process at a time.
once() (
  local mark=$1
  shift
  mkdir -p "$(dirname "$mark")"
  exec 8>artifacts/.lock
  flock 8
  [[ -e $mark ]] || { "$@" </dev/null >&2 8>&- && touch "$mark"; }
)

# restore PROJECT [OPTION…]: its packages, so that a build fetches nothing.
restore() { try_again dotnet restore "$@" -v q --nologo -tl:off; }

end_compiler() { dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || true; }

ensure_service_built() {
  ensure_sdk
  local key
  key=$(hash_of src datastores "${BUILD_FILES[@]}")
  once "artifacts/built/service-$key" build_service
}

build_service() {
  note "Building (the first time takes a minute) …"
  # A mark of other sources says nothing about the binaries from now on.
  rm -f artifacts/built/service-*
  restore src/Standalone || die "the service's packages could not be had"
  dotnet build src/Standalone -c Release --no-restore "${QUIET[@]}" || die "the build failed"
  end_compiler
}

# Sets AGENT to the guest agent.
ensure_agent_published() {
  ensure_published agent src/GuestAgent src/GuestProtocol src/Files datastores || return
  AGENT=$PUBLISHED/Dbaas.GuestAgent
}

# Sets CLIENT to our client.
ensure_client_published() {
  ensure_published client src/TroveCli || return
  CLIENT=$PUBLISHED/Dbaas.TroveCli
}

# ensure_published NAME PROJECT SOURCE…: sets PUBLISHED to the folder with the program as machine code. Each version has a folder of its own: a
# service, or a script of its state folder, may still use an older one.
ensure_published() {
  local name=$1 project=$2 key
  ensure_sdk
  ensure_packages "${BUILD_PACKAGES[@]}"
  key=$(hash_of "${@:2}" "${BUILD_FILES[@]}")
  PUBLISHED=$ROOT/artifacts/$name/$key
  once "$PUBLISHED/.complete" publish "$name" "$project" "$PUBLISHED"
}

# publish NAME PROJECT FOLDER [OPTION…]
publish() {
  local name=$1 project=$2 folder=$3 rid
  case $(uname -m) in
    x86_64) rid=linux-x64 ;;
    aarch64) rid=linux-arm64 ;;
    *) die "there is no .NET runtime for $(uname -m)" ;;
  esac
  note "Compiling the $name to machine code (a minute, once for each version of it) …"
  restore "$project" -r "$rid" || die "the packages of $project could not be had"
  dotnet publish "$project" -c Release -r "$rid" -o "$folder" --no-restore "${QUIET[@]}" "${@:4}" || die "publishing the $name failed"
  end_compiler
}

bench() {
  ensure_packages "${RUNTIME_PACKAGES[@]}"
  ensure_service_built
  ensure_agent_published
  export DBAAS_AGENT=$AGENT
  dotnet build benchmarks/Benchmarks -c Release "${QUIET[@]}" >&2 || die "the build failed"
  end_compiler
  # Files that the user names are where the user is.
  (cd "$CALLER" && "$ROOT/artifacts/bin/Benchmarks/release/Dbaas.Benchmarks" "$@")
}
