#!/usr/bin/env bash
# Compiles the catalogue's kernels for arm64, calls the NEON, portable and scalar ones under qemu and compares them with what the
# scalar and the portable kernels make of the same inputs on this machine; then each emulated Arm intrinsic of Tests/Emulation with
# the instruction. Runs on Debian 12 with the .NET 10 SDK; a minute or two.
#
#   Tests/Neon/run.sh [work folder]        (default: artifacts/neon)
#
# The last line counts kernels, "neon: N kernels exact, N failed"; the exit status is 0 where none failed.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${1:-artifacts/neon}
mkdir -p artifacts "$work/framework"
exec 3>"$work/log.txt"

# Scripts that run side by side share projects: one of them builds at a time.
only() { flock -o artifacts/build.lock "$@" >&3 2>&3; }
trap 'status=$?; [ $status -eq 0 ] || [ -n "${summary:-}" ] || { tail -n 20 "$work/log.txt" >&2; echo "neon: not run, see $work/log.txt" >&2; }' EXIT

if ! command -v qemu-aarch64-static >/dev/null || ! command -v aarch64-linux-gnu-gcc >/dev/null; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get -o DPkg::Lock::Timeout=120 update -qq >&3 2>&3
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends \
        qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross >&3 2>&3
fi

cases=Tests/Neon/Cases
only dotnet build $cases -c Release -v quiet -nologo
get() { dotnet msbuild $cases -p:Configuration=Release -getProperty:"$1"; }
bin=$(dirname "$(get TargetPath)")
version=$(get BundledNETCoreAppPackageVersion)
framework=$(get NetCoreTargetingPackRoot)/../shared/Microsoft.NETCore.App
framework=$framework/$( [ -d "$framework/$version" ] && echo "$version" || ls "$framework" | grep '^10\.' | sort -V | tail -n 1)
crossgen=$(get NuGetPackageRoot)microsoft.netcore.app.crossgen2.linux-x64/$version/tools
[ -x "$crossgen/crossgen2" ] && compile=("$crossgen/crossgen2") || compile=(dotnet "$crossgen/crossgen2.dll")

cp "$framework"/*.dll "$work/framework"
dotnet "$bin/KernelGen.NeonCases.dll" mark "$framework/System.Private.CoreLib.dll" "$work/framework/System.Private.CoreLib.dll" >&3
aarch64-linux-gnu-gcc -O1 -Wall -Wextra -static -o "$work/harness" Tests/Neon/harness.c -lm >&3 2>&3

image() { # name, instruction sets, assembly
    "${compile[@]}" "$3" -r "$work/framework/*.dll" -r "$bin/KernelGen.Runtime.dll" -r "$bin/KernelGen.Attributes.dll" \
        --targetos linux --targetarch arm64 --instruction-set "$2" -O --map --mapcsv \
        --inputbubble --inputbubbleref "$work/framework/System.Private.CoreLib.dll" --out "$work/$1.dll" >&3 2>&3
}

exact=0
failed=0
check() { # target, image, processor
    dotnet "$bin/KernelGen.NeonCases.dll" cases "$1" "$work/$1.cases" >&3
    call "$1" "$2" "$3" KernelGen_Formats_KernelGen_Generated_
}
call() { # cases, image, processor, what the names of methods start with
    local more bad
    timeout 300 qemu-aarch64-static -cpu "$3" "$work/harness" "$work/$2.dll" "$work/$2.map.csv" "$4" "$work/$1.cases" \
        >"$work/$1.txt" 2>&3 || tail -n 1 "$work/$1.txt" | grep -q ' exact '
    grep '^FAILED' "$work/$1.txt" | cut -c -300 | head -n 20 || true
    read -r more _ bad _ < <(tail -n 1 "$work/$1.txt")
    echo "$1, image $2, on $3: $more exact, $bad failed"
    exact=$((exact + more))
    failed=$((failed + bad))
}

# Processors that have what an image was compiled for and no more.
image neon neon,-dotprod "$bin/KernelGen.Formats.dll"
image neon+dotprod neon,dotprod "$bin/KernelGen.Formats.dll"
check Scalar neon cortex-a72
check Vector128 neon cortex-a72
check Neon neon cortex-a72
check NeonDot neon+dotprod neoverse-n1
dotnet "$bin/KernelGen.NeonCases.dll" intrinsics "$work/Intrinsics.il.dll" "$work/intrinsics.cases" >&3
image intrinsics neon,dotprod "$work/Intrinsics.il.dll"
call intrinsics intrinsics neoverse-n1 Intrinsics_KernelGen_
summary=1
echo "neon: $exact kernels exact, $failed failed"
[ $failed -eq 0 ]
