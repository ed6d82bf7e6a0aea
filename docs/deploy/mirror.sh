#!/bin/sh
# mirror.sh BASE DIR: keep DIR/published.nt as the site at BASE publishes it: taken whole once, then by differences.
# It may be run at any time and stopped at any moment; the next run goes on. Needs curl, jq, gzip and flock.
set -eu
LC_ALL=C # the order of the dumps: bytes
export LC_ALL
base=${1%/}
mkdir -p "$2"
cd "$2"
exec 9> lock
flock -n 9 || { echo "another mirror.sh is at work in $2" >&2; exit 1; }
trap 'rm -f list.json dataset.nt.gz added.nt.gz removed.nt.gz kept.nt' EXIT

fetch() { # GENERATION FILE: download it and compare its checksum
    curl -sS --fail --retry 3 -o "$2" "$base/dumps/$1/$2"
    jq -r --arg generation "$1" --arg file "$2" '.generations[] | select(.name == $generation).files[] |
        select(.name == $file) | "\(.sha256)  \(.name)"' list.json | sha256sum --check --quiet
}

hold() { # GENERATION: new.nt is what it publishes
    mv new.nt published.nt
    echo "$1" > generation
}

take_whole() {
    fetch "$live" dataset.nt.gz
    gunzip -c dataset.nt.gz > new.nt
    hold "$live"
}

curl -sS --fail --retry 3 -o list.json "$base/dumps/?format=json"
live=$(jq -r .live list.json)
held=$(cat generation 2> /dev/null || echo nothing)
[ "$held" != "$live" ] || exit 0

# From the generation after the one that is held to the live one; nothing where the one that is held was taken back or is too old.
steps=$(jq -r --arg held "$held" '.generations as $all | ($all | map(.previous) | index($held)) as $last |
    if $last == null then empty else $all[:$last + 1] | reverse | .[].name end' list.json)
for generation in $steps; do
    fetch "$generation" removed.nt.gz
    fetch "$generation" added.nt.gz
    gunzip -c removed.nt.gz | comm -23 published.nt - > kept.nt
    # -u: lines may be there already, from a run that was stopped.
    gunzip -c added.nt.gz | sort -m -u kept.nt - > new.nt
    hold "$generation"
done

triples=$(jq '.generations[0].files[] | select(.name == "dataset.nt.gz").triples' list.json)
[ -n "$steps" ] && [ "$(wc -l < published.nt)" -eq "$triples" ] || take_whole
