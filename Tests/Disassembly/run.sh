#!/usr/bin/env bash
# Compiles the catalogue's kernels for every target that promises an instruction, on any machine, and reads the machine code: the promised
# instructions are there, hot loops hold no call and no spill. Runs with the .NET 10 SDK on x64; under a minute after the build.
#
#   Tests/Disassembly/run.sh [work folder]        (default: artifacts/disassembly)
#
# The last line counts kernels, "disassembly: N kernels as promised, N failed"; the exit status is 0 where none failed.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${1:-artifacts/disassembly}
mkdir -p artifacts "$work/framework"
exec 3>"$work/log.txt"

# Scripts that run side by side share projects: one of them builds at a time.
only() { flock -o artifacts/build.lock "$@" >&3 2>&3; }
trap 'status=$?; [ $status -eq 0 ] || [ -n "${summary:-}" ] || { tail -n 20 "$work/log.txt" >&2; echo "disassembly: not run, see $work/log.txt" >&2; }' EXIT

if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    echo "disassembly: crossgen2 is fetched for Linux on x64 only; left out here"
    exit 0
fi

checks=Tests/Disassembly
for project in $checks Tests/Neon/Cases; do
    only dotnet build $project -c Release -v quiet -nologo
done
get() { dotnet msbuild $1 -p:Configuration=Release -getProperty:"$2"; }
bin=$(dirname "$(get $checks TargetPath)")
version=$(get $checks BundledNETCoreAppPackageVersion)
framework=$(get $checks NetCoreTargetingPackRoot)/../shared/Microsoft.NETCore.App
framework=$framework/$( [ -d "$framework/$version" ] && echo "$version" || ls "$framework" | grep '^10\.' | sort -V | tail -n 1)
crossgen=$(get $checks NuGetPackageRoot)microsoft.netcore.app.crossgen2.linux-x64/$version/tools
[ -x "$crossgen/crossgen2" ] && compile=("$crossgen/crossgen2") || compile=(dotnet "$crossgen/crossgen2.dll")

# The framework of this machine does not mark Arm's intrinsics: a copy does.
cp "$framework"/*.dll "$work/framework"
dotnet "$(get Tests/Neon/Cases TargetPath)" mark "$framework/System.Private.CoreLib.dll" "$work/framework/System.Private.CoreLib.dll" >&3

dotnet "$bin/KernelGen.Disassembly.dll" images >"$work/images.txt"
while read -r name architecture sets; do
    timeout 300 "${compile[@]}" "$bin/KernelGen.Formats.dll" -r "$work/framework/*.dll" -r "$bin/KernelGen.Runtime.dll" -r "$bin/KernelGen.Attributes.dll" \
        --targetos linux --targetarch "$architecture" --instruction-set "$sets" -O --map --mapcsv \
        --inputbubble --inputbubbleref "$work/framework/System.Private.CoreLib.dll" --out "$work/$name.dll" >&3 2>&3
done <"$work/images.txt"

summary=1
timeout 300 dotnet "$bin/KernelGen.Disassembly.dll" check Formats "$work"
