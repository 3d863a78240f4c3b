# Shared by bench/run: finding the runtimes, medians, tables. Sourced, never run.

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")
build=${RT_BUILD:-$root/build/release}
rt=${RT:-$build/rt}

# A runtime's executable: $DENO and so on, then bench/node_modules, then PATH. Shims are followed, so that
# what is measured is the runtime and not its launcher.
find_runtime() {
  local name=$1 variable=${1^^} found
  found=${!variable:-}
  [ -n "$found" ] || found=$(ls "$bench"/node_modules/@$name/*/bin/$name "$bench"/node_modules/@deno/*/$name \
    "$bench"/node_modules/@oven/*/bin/$name 2>/dev/null | head -n 1)
  [ -n "$found" ] || found=$(ls "$bench/node_modules/.bin/$name" 2>/dev/null)
  [ -n "$found" ] || found=$(command -v "$name" 2>/dev/null)
  [ -n "$found" ] && readlink -f "$found"
}

version_of() {
  case $1 in
    rt | deno | untraced) "$2" --version | awk 'NR == 1 { print $2 }' ;;
    bun) "$2" --version ;;
    node) "$2" --version | tr -d v ;;
    floor | engine | walled) echo - ;;
  esac
}

median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# value(runtime, measure): the median of what `record` gave.
record() { echo "$3" >>"$results/$1.$2"; }
value() { [ -s "$results/$1.$2" ] && median <"$results/$1.$2"; }

# One row a measure, one column a runtime, then rt's ratio to each other column.
table() {
  local title=$1 name measure label
  shift
  echo "### $title"
  printf '| measure |'
  for name in "${names[@]}"; do printf ' %s |' "$name"; done
  for name in "${names[@]:1}"; do printf ' rt / %s |' "$name"; done
  printf '\n|---|'
  for name in "${names[@]}" "${names[@]:1}"; do printf -- '---:|'; done
  echo
  for measure in "$@"; do
    label=${measure#*:}
    measure=${measure%%:*}
    printf '| %s |' "$label"
    for name in "${names[@]}"; do printf ' %s |' "$(value "$name" "$measure" || echo -)"; done
    for name in "${names[@]:1}"; do
      printf ' %s |' "$(awk -v a="$(value rt "$measure")" -v b="$(value "$name" "$measure")" \
        'BEGIN { if (a == "" || b == "" || b + 0 == 0) print "-"; else printf "%.2f", a / b }')"
    done
    echo
  done
}

fail() {
  echo "bench/run: $*" >&2
  exit 1
}
