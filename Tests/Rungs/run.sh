#!/usr/bin/env bash
# Runs the kernels that the runtime selects, one process per instruction set that its switches leave of this processor's, and
# asserts in each which target is selected (Tests/KernelGen.Tests/Rungs). Which rungs there are is read from the processor's flags,
# not asked of .NET: a switch that silently does nothing fails its rung. Half a minute a rung.
#
#   Tests/Rungs/run.sh
#
# The last line counts rungs, "rungs: N passed, N failed, N not on this processor"; the exit status is 0 where none failed.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests=Tests/KernelGen.Tests
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if [ "$(uname -sm)" != "Linux x86_64" ]; then
    echo "rungs: not run, the switches are those of x86-64 and the flags those of Linux ($(uname -sm) here)"
    exit 0
fi
[ -e $tests/bin/Release/net10.0/KernelGen.Tests.dll ] || dotnet build $tests -c Release -v quiet -nologo

flags=" $(grep -m 1 '^flags' /proc/cpuinfo | cut -d: -f2) "
has() { local flag; for flag; do [[ $flags == *" $flag "* ]] || return 1; done; }
avx2() { has avx2 fma; }
avx512() { avx2 && has avx512f avx512bw avx512dq avx512vl avx512vbmi; }
best256=$(if has avx_vnni; then echo Avx2Vnni; else echo Avx2; fi)
best512=$(if has avx_vnni; then echo Avx512Vnni; else echo Avx512; fi)

passed=0 failed=0 missing=0
# rung NAME TARGET SWITCH...: runs under the switches and expects the target.
rung() {
    local name=$1 target=$2 start=$SECONDS; shift 2
    if env "$@" KERNELGEN_TARGET= KERNELGEN_EXPECTED_TARGET="$target" \
        dotnet test $tests -c Release --no-build --filter FullyQualifiedName~KernelGen.Tests.Rungs -tl:off >"$log" 2>&1 && grep -q 'Passed!' "$log"; then
        echo "$name: $target, $(grep -oE 'Passed: +[0-9]+' "$log" | grep -oE '[0-9]+') tests passed, $((SECONDS - start)) s"
        passed=$((passed + 1))
    else
        echo "$name: FAILED, $target expected"
        grep -v '^ *at ' "$log" | head -n 30
        failed=$((failed + 1))
    fi
}
# missing NAME REASON: a rung this processor does not have.
missing() {
    echo "$1: not run, $2"
    missing=$((missing + 1))
}

rung "no instruction sets beyond the baseline" Scalar DOTNET_EnableHWIntrinsic=0
rung "no AVX2" Vector128 DOTNET_EnableAVX2=0
if avx2; then
    rung "no AVX-512, no AVX-VNNI" Avx2 DOTNET_EnableAVX512=0 DOTNET_EnableAVXVNNI=0
    rung "128-bit vectors preferred" Vector128 DOTNET_PreferredVectorBitWidth=128
    rung "256-bit vectors preferred" "$best256" DOTNET_PreferredVectorBitWidth=256
else
    missing "AVX2" "the processor has no AVX2 and FMA"
fi
if avx2 && has avx_vnni; then
    rung "no AVX-512" Avx2Vnni DOTNET_EnableAVX512=0
else
    missing "AVX-VNNI" "the processor has no AVX-VNNI"
fi
if avx512; then
    rung "512-bit vectors preferred" "$best512" DOTNET_PreferredVectorBitWidth=512
    rung "512-bit vectors preferred, no AVX-VNNI" Avx512 DOTNET_PreferredVectorBitWidth=512 DOTNET_EnableAVXVNNI=0
else
    missing "AVX-512" "the processor has no AVX-512 with F, BW, DQ, VL and VBMI: Tests/Avx512 runs it under an emulator"
fi

echo "rungs: $passed passed, $failed failed, $missing not on this processor"
[ $failed -eq 0 ]
