# shellcheck shell=bash
# The release before this one, from its commit: tests run its programs beside ours. Sourced, never run.

# ensure_previous_built: the programs of the commit that tests/previous-release names, into artifacts/previous/COMMIT. A clone without that commit (a
# shallow one) has none, and the tests say so.
ensure_previous_built() {
  local commit folder
  read -r commit <tests/previous-release
  folder=$ROOT/artifacts/previous/$commit
  if ! git cat-file -e "$commit^{commit}" 2>/dev/null; then
    note "git finds no commit $commit here: what needs the previous release is skipped."
    return
  fi
  ensure_sdk
  ensure_packages "${BUILD_PACKAGES[@]}"
  once "$folder/.complete" build_previous "$commit" "$folder"
}

# build_previous COMMIT FOLDER. It calls itself "previous", also where its agent is the same as ours, and is older than any release beside it.
build_previous() (
  local project version started=$SECONDS
  note "Building the previous release, $1 (once) …"
  rm -rf "$2"
  mkdir -p "$2/source"
  git archive "$1" | tar -x -C "$2/source" || die "the sources of $1 could not be had"
  cd "$2/source"
  version=(-p:Version=0.0.0-previous "-p:SourceRevisionId=$1")
  for project in TroveApi TaskManager; do
    restore "src/$project" || die "the packages of the previous release's $project could not be had"
    dotnet build "src/$project" -c Release --no-restore "${QUIET[@]}" "${version[@]}" || die "building the previous release's $project failed"
  done
  publish "previous release's agent" src/GuestAgent "$2/agent" "${version[@]}"
  touch -d @0 "$2/agent/Dbaas.GuestAgent.release.json"
  note "The previous release took $((SECONDS - started)) s to build."
)
