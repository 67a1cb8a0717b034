#!/bin/sh
# SPDX-License-Identifier: MIT
# check-fuzz.sh: each fuzz target, built to replay files, over all seeds and recipes.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
B=$(cd "${B:-$tests/../build}" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for recipe in "$tests"/recipes/*.txt; do
    name=$(basename "$recipe" .txt)
    "$B/tests/recipe" "$recipe" >"$scratch/$name"
    # as fuzz_pipeline takes it, after 16 bytes that choose a job: to GIF, turned by 45 degrees; to
    # PNG, cropped, interlaced, leniently; to PAM, resized; to JPEG, mirrored
    {
        printf '\010\030\0\0\0\0\002\0\0\0\0\377\0\0\0\0'
        cat "$scratch/$name"
    } >"$scratch/turned-$name"
    {
        printf '\101\101\010\010\0\0\0\0\0\0\0\377\0\0\0\0'
        cat "$scratch/$name"
    } >"$scratch/cropped-$name"
    {
        printf '\004\0\0\0\0\0\0\0\0\0\0\377\010\005\0\0'
        cat "$scratch/$name"
    } >"$scratch/resized-$name"
    {
        printf '\003\002\0\0\0\0\0\0\0\0\0\377\0\0\0\0'
        cat "$scratch/$name"
    } >"$scratch/mirrored-$name"
done
for target in "$B"/fuzz/fuzz_*; do
    echo "== ${target##*/}"
    "$target" "$scratch"/* "$tests"/fuzz/seeds/*
done
