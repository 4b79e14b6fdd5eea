#!/usr/bin/env bash
# Installs rival checkers from their public registries, runs them and Obelus on the same texts, one after another, and prints one table.
# Usage: benches/peers/run.sh [--only NAME,…] [--shared DIR] [--into LANGUAGE]     see README.md beside this file
# Needs cargo, Maven with a JDK of 17 or later, and Python 3.11 with venv; what is missing costs its row alone. Rivals are built in
# target/peers/.
set -uo pipefail
here=$(dirname "$(realpath "$0")")
root=$(realpath "$here/../..")
built=$root/target/peers
mkdir -p "$built"

only=
arguments=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --only) only=${2-} ;;
    --only=*) only=${1#--only=} ;;
  esac
  shift
done

# install NAME COMMAND…: a row that cannot be installed is one that says so.
install() {
  local name=$1
  shift
  [ -z "$only" ] || [[ ",$only," == *",$name,"* ]] || return 0
  echo "installing $name" >&2
  rm -f "$built/$name.failed"
  if ! nice "$@" > "$built/$name.log" 2>&1; then
    touch "$built/$name.failed"
    echo "installing $name FAILED, see $built/$name.log" >&2
  fi
}

crate() {
  cargo build --locked --release --manifest-path "$here/$1/Cargo.toml" --target-dir "$built/$1"
}

pofilter() {
  python3 -m venv "$built/pofilter" &&
    "$built/pofilter/bin/pip" install --quiet --no-cache-dir --requirement "$here/pofilter/requirements.txt"
}

export here built
export -f crate pofilter
install languagetool mvn --batch-mode --file "$here/languagetool/pom.xml" "-Dmaven.repo.local=$built/m2" "-Dout=$built/languagetool" package
install harper bash -c 'crate harper'
install pofilter bash -c pofilter
install strsim-names bash -c 'crate strsim-names'

cd "$root" || exit 2
if [ -z "$only" ] || [[ ",$only," == *,obelus,* ]]; then
  echo "building obelus" >&2
  cargo build --locked --release --quiet || exit 2
fi
exec env PYTHONDONTWRITEBYTECODE=1 python3 "$here/peers.py" --obelus "${CARGO_TARGET_DIR:-$root/target}/release/obelus" "${arguments[@]}"
