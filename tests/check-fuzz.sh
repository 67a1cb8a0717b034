#!/bin/sh
# SPDX-License-Identifier: MIT
# check-fuzz.sh: each fuzz target, built to replay files, over all seeds and recipes.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-$tests/../build}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for recipe in "$tests"/recipes/*.txt; do
    "$B/tests/recipe" "$recipe" >"$scratch/$(basename "$recipe" .txt)"
done
for target in "$B"/fuzz/fuzz_*; do
    echo "== ${target##*/}"
    "$target" "$scratch"/* "$tests"/fuzz/seeds/*
done
