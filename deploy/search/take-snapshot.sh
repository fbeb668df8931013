#!/bin/bash
# Takes a snapshot of the platform's indices into the folder that all nodes share (path.repo), and removes those that are
# older than a week. What the index is made of lies in PostgreSQL: a snapshot saves the time of a rebuild, nothing else.
# SEARCH_NODE: address of one node; SEARCH_USER, SEARCH_PASSWORD, SEARCH_CA_FILE as for the platform, where there are any.
set -euo pipefail

node=${SEARCH_NODE:?}
index=${SEARCH_INDEX:-govplatform}
keep=${SNAPSHOTS_KEPT:-7}
options=(--silent --show-error --fail-with-body --header 'Content-Type: application/json')
if [[ -n ${SEARCH_CA_FILE:-} ]]; then options+=(--cacert "$SEARCH_CA_FILE"); fi

# ask METHOD PATH [BODY]: prints the answer; what the cluster refuses goes to the log, and the script ends.
ask() {
    local answer words=("${options[@]}" --request "$1" "$node/$2")
    if [[ -n ${3:-} ]]; then words+=(--data "$3"); fi
    # The password goes in by a file, not by an argument that everybody on the machine can read.
    if [[ -n ${SEARCH_USER:-} ]]; then
        answer=$(curl "${words[@]}" --config <(printf 'user = "%s:%s"\n' "$SEARCH_USER" "$SEARCH_PASSWORD"))
    else
        answer=$(curl "${words[@]}")
    fi || { echo "$answer" >&2; return 1; }
    echo "$answer"
}

snapshot=$(date -u +%Y%m%d-%H%M%S-%N)
ask PUT _snapshot/govplatform '{"type": "fs", "settings": {"location": "/usr/share/opensearch/snapshots"}}' >/dev/null
taken=$(ask PUT "_snapshot/govplatform/$snapshot?wait_for_completion=true" \
    "{\"indices\": \"$index-search-v*\", \"include_global_state\": false}")
[[ $taken == *'"state":"SUCCESS"'* ]] || { echo "$taken" >&2; exit 1; }
echo "$snapshot"

mapfile -t all < <(ask GET '_cat/snapshots/govplatform?h=id&s=id')
for ((number = 0; number < ${#all[@]} - keep; number++)); do
    ask DELETE "_snapshot/govplatform/${all[number]// /}" >/dev/null
done
