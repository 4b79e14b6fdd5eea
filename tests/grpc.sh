#!/usr/bin/env bash
# What somebody does who has grpcurl and no .proto: asks a fresh server by reflection alone. Fails on any surprise.
#
#     tests/grpc.sh target/release/obelus
set -euo pipefail

program=${1:?"usage: $0 PATH-TO-OBELUS"}
here=$(cd "$(dirname "$0")" && pwd)
export PATH="$PATH:${GOPATH:-$HOME/go}/bin:$HOME/go/bin"
if ! command -v grpcurl > /dev/null; then
    echo "installing grpcurl"
    GOBIN="$HOME/go/bin" go install github.com/fullstorydev/grpcurl/cmd/grpcurl@latest
fi

log=$(mktemp)
server=
finish() {
    status=$?
    if [ -n "$server" ] && kill -0 "$server" 2> /dev/null; then
        kill -9 "$server" || true
    fi
    if [ "$status" -ne 0 ]; then
        echo "FAILED; the server said:" >&2
        cat "$log" >&2
    fi
    rm -f "$log"
    exit "$status"
}
trap finish EXIT

"$program" serve --listen 127.0.0.1:0 --log-format json --glossary "$here/../examples/glossary.csv" 2> "$log" &
server=$!
for _ in $(seq 100); do
    address=$(sed -n 's/^obelus [^ ]* listening on \(127\.0\.0\.1:[0-9]*\)$/\1/p' "$log")
    [ -z "$address" ] || break
    kill -0 "$server" 2> /dev/null || { echo "the server did not start" >&2; exit 1; }
    sleep 0.1
done
[ -n "$address" ] || { echo "the server did not say where it listens" >&2; exit 1; }

# holds NAME TEXT WANTED: TEXT must hold every line of WANTED.
holds() {
    while IFS= read -r wanted; do
        if [[ "$2" != *"$wanted"* ]]; then
            printf '%s: expected %s in:\n%s\n' "$1" "$wanted" "$2" >&2
            exit 1
        fi
    done <<< "$3"
    echo "ok: $1"
}

call() {
    grpcurl -plaintext -max-time 10 "$@" 2>&1
}

check='{"target":{"content":"They met in the the city.","language_code":"en"}}'

holds "list" "$(call "$address" list)" "grpc.health.v1.Health
grpc.reflection.v1.ServerReflection
grpc.reflection.v1alpha.ServerReflection
obelus.v1.CatalogService
obelus.v1.CheckService
obelus.v1.GlossaryService"

holds "describe" "$(call "$address" describe obelus.v1.CheckService)" \
    "rpc CheckText ( .obelus.v1.CheckTextRequest ) returns ( .obelus.v1.CheckTextResponse );
// Marks what is wrong in a translation"

holds "CheckText" "$(call -d "$check" "$address" obelus.v1.CheckService/CheckText)" '"ruleId": "word/doubled"
"quote": "the the"
"offsetEncoding": "OFFSET_ENCODING_UTF8"
"glossaries/glossary"'

holds "the JSON of the documentation" "$(call -d \
    '{"target":{"content":"The talks in severe Syria …","language_code":"en"}}' \
    "$address" obelus.v1.CheckService/CheckText)" '"languageCode": "en"'

holds "trailers" "$(call -v -d "$check" "$address" obelus.v1.CheckService/CheckText |
    sed -n '/Response trailers received/,$p')" "obelus-timing: read;dur=
, total;dur="

holds "GetServerInfo" "$(call "$address" obelus.v1.CatalogService/GetServerInfo)" '"maxTextBytes": 2000000
"name": "glossaries/glossary"
"OFFSET_ENCODING_UTF16"'

holds "ListRules" "$(call -d '{"family":"word"}' "$address" obelus.v1.CatalogService/ListRules)" '"ruleId": "word/doubled"'

for service in "" obelus.v1.CheckService obelus.v1.CatalogService obelus.v1.GlossaryService; do
    holds "health of \"$service\"" \
        "$(call -d "{\"service\":\"$service\"}" "$address" grpc.health.v1.Health/Check)" '"status": "SERVING"'
done

holds "LintGlossary" "$(call -d \
    '{"glossary":{"target_language":"en","entries":[{"source":"мир","target":"peace","forbidden":["the"]}]}}' \
    "$address" obelus.v1.GlossaryService/LintGlossary)" '"kind": "GLOSSARY_LINT_KIND_ALARM_PRONE"'

holds "MineGlossary" "$(call -d \
    '{"source":{"content":"Das sagte Vossberg.\n\nEs regnet."},"target":{"content":"Vossberg said so.\n\nIt rains."}}' \
    "$address" obelus.v1.GlossaryService/MineGlossary)" '"sourceLanguage"'

# refused NAME WANTED ARGUMENTS…: the call must fail, and say so in words.
refused() {
    local name=$1 wanted=$2 said
    shift 2
    if said=$(call "$@"); then
        printf '%s: an answer where a refusal was expected:\n%s\n' "$name" "$said" >&2
        exit 1
    fi
    holds "$name" "$said" "$wanted"
}

refused "a language that is none" 'Code: InvalidArgument
"field": "target.language_code"
"fieldViolations"
"reason": "INVALID_REQUEST"
"domain": "obelus"' \
    -d '{"target":{"content":"Fine.","language_code":"xx"}}' "$address" obelus.v1.CheckService/CheckText

refused "a glossary that is not here" 'Code: NotFound
"resourceName": "glossaries/none"' \
    -d '{"target":{"content":"Fine."},"glossaries":["glossaries/none"]}' "$address" obelus.v1.CheckService/CheckText

refused "a glossary with nothing in it" 'Code: InvalidArgument
"field": "glossary.entries"' \
    -d '{"glossary":{}}' "$address" obelus.v1.GlossaryService/LintGlossary

# grpcurl cannot be told which reflection to use; older ones ask v1alpha, which newer
# ones can call as any service.
holds "reflection v1alpha" "$(call -d '{"list_services":""}' "$address" \
    grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo)" '"name": "obelus.v1.CheckService"'

kill -TERM "$server"
status=0
wait "$server" || status=$?
server=
[ "$status" -eq 0 ] || { echo "SIGTERM: exit status $status" >&2; exit 1; }
echo "ok: SIGTERM ends it with status 0"

if grep -q "severe Syria" "$log"; then
    echo "the log holds what was checked" >&2
    exit 1
fi
holds "the log" "$(cat "$log")" '"method":"/obelus.v1.CheckService/CheckText","code":"OK"
"code":"INVALID_ARGUMENT"'
