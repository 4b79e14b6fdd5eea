#!/usr/bin/env bash
# How long `obelus serve` takes from its start until it answers, and how much memory it then holds: at rest, and after checks of
# the example article, with all that can be asked for. Usage: benches/serving.sh [BINARY]   (default target/release/obelus)
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:-target/release/obelus}
[ -x "$binary" ] || { echo "no binary at $binary: cargo build --release" >&2; exit 2; }
export PATH="$PATH:$HOME/go/bin"

port=$(( 20000 + RANDOM % 20000 ))
log=$(mktemp)
trap 'kill "$server" 2>/dev/null || true; rm -f "$log"' EXIT

resident() { awk '/^VmRSS/ { printf "%.1f MB", $2 / 1024 }' "/proc/$server/status"; }

best=
for _ in 1 2 3 4 5; do
  : > "$log"
  begin=$(date +%s%N)
  "$binary" serve --listen "127.0.0.1:$port" --glossary examples/glossary.csv 2> "$log" &
  server=$!
  # Until the port answers, not merely until the process says so.
  until (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do sleep 0.001; done
  took=$(( ($(date +%s%N) - begin) / 1000 ))
  [ -z "$best" ] || [ "$took" -lt "$best" ] && best=$took
  rest=$(resident)
  kill "$server"; wait "$server" 2> /dev/null || true
done
awk -v us="$best" 'BEGIN { printf "start to serving: %.1f ms (best of 5)\n", us / 1000 }'
echo "resident at rest: $rest"

if ! command -v grpcurl > /dev/null; then
  echo "SKIPPED: memory under checks; grpcurl is not here" >&2
  exit 0
fi
"$binary" serve --listen "127.0.0.1:$port" --glossary examples/glossary.csv 2> "$log" &
server=$!
until (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do sleep 0.001; done
request=$(mktemp)
python3 - > "$request" << 'PY'
import json, pathlib
text = lambda name: pathlib.Path("examples", name).read_text(encoding="utf-8")
one = json.dumps({"source": {"content": text("article.ru.txt"), "language_code": "ru"},
                  "target": {"content": text("article.en.txt"), "language_code": "en"},
                  "options": {"include_quality": True, "include_token_scores": True}}, ensure_ascii=False)
print("\n".join([one] * 200))
PY
timing=$(grpcurl -plaintext -v -d "$(head -n 1 "$request")" "127.0.0.1:$port" obelus.v1.CheckService/CheckText | grep '^obelus-timing' || true)
for _ in $(seq 20); do
  head -n 1 "$request" | grpcurl -plaintext -d @ "127.0.0.1:$port" obelus.v1.CheckService/CheckText > /dev/null
done
rm -f "$request"
echo "resident after 21 checks of the example article: $(resident)"
echo "the first of them: ${timing:-no timing}"
