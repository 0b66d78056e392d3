#!/usr/bin/env bash
# Packs the solution and uses the packages as a stranger would: from a fresh project outside the repository, with a package
# folder of its own and no other source. Ends with "packages ok".
#   --no-build              pack what is built
#   --configuration NAME    Release unless given
set -euo pipefail

configuration=Release
build=
while [ $# -gt 0 ]; do
  case $1 in
    --no-build) build=--no-build ;;
    --configuration) configuration=$2; shift ;;
    *) echo "consume.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A build under way hands its settings down; the consumer must not see them. Nothing that outlives this script is started.
unset MSBuildSDKsPath MSBuildExtensionsPath MSBUILD_EXE_PATH MSBuildLoadMicrosoftTargetsReadOnly Configuration KERNELGEN_TARGET KernelGenTargets
export NUGET_PACKAGES="$work/nuget" MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
quiet=(-nologo -v:quiet -tl:off -p:UseSharedCompilation=false)

fail() { echo "consume.sh: $*" >&2; exit 1; }

# run LOG COMMAND...: runs quietly, and shows the log where it fails.
run() {
  local log=$1; shift
  "$@" >"$log" 2>&1 || { cat "$log" >&2; fail "failed: $*"; }
}

echo "pack ($configuration${build:+, as built})"
(
  # Packing needs the packages that the solution itself was restored with.
  unset NUGET_PACKAGES
  cd "$root"
  run "$work/pack.log" dotnet pack KernelGen.sln -c "$configuration" -o "$work/packages" $build "${quiet[@]}"
)
found=$(cd "$work/packages" && ls)
echo "$found" | sed 's/^/  /'
[ "$(echo "$found" | wc -l)" = 4 ] || fail "expected exactly four packages"

# consumer NAME: a fresh copy of the consuming project.
version=$(basename "$(ls "$work"/packages/KernelGen.[0-9]*.nupkg)" .nupkg); version=${version#KernelGen.}
consumer() {
  mkdir -p "$work/$1"
  for file in "$here"/Consumer/*.txt; do
    sed "s|@VERSION@|$version|" "$file" >"$work/$1/$(basename "$file" .txt)"
  done
  cat >"$work/$1/nuget.config" <<X
<configuration>
  <packageSources>
    <clear />
    <add key="packed" value="$work/packages" />
  </packageSources>
</configuration>
X
  # Nothing that lies in the folders above has a say.
  for file in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
    echo "<Project />" >"$work/$1/$file"
  done
}

# program NAME ARGUMENTS...: builds and runs it.
program() {
  local name=$1; shift
  consumer "$name"
  cd "$work/$name"
  run "$work/$name.log" dotnet build -c Release -warnaserror "${quiet[@]}" "$@"
  ! grep -E 'warning [A-Z]+[0-9]' "$work/$name.log" || fail "$name builds with warnings"
  dotnet bin/Release/net10.0/Consumer.dll | tee "$work/$name.out" | sed 's/^/  /'
  grep -qx 'consumer ok' "$work/$name.out" || fail "$name did not say 'consumer ok'"
}

echo "consumer with all targets"
program All

echo "consumer with KernelGenTargets=Scalar"
program ScalarOnly -p:KernelGenTargets=Scalar
grep -qx 'generated for: Scalar' "$work/ScalarOnly.out" || fail "KernelGenTargets=Scalar was not heeded"

# codes LOG: the codes of all errors and warnings, each once, on one line.
codes() { grep -oE '(error|warning) [A-Z]+[0-9]+' "$1" | sort -u | tr '\n' ' ' | sed 's/ $//' || true; }

# expect WHAT CODES COMMAND...: the command reports exactly these.
expect() {
  local what=$1 expected=$2; shift 2
  "$@" >"$work/expect.log" 2>&1 || true
  local actual; actual=$(codes "$work/expect.log")
  [ "$actual" = "$expected" ] || { cat "$work/expect.log" >&2; fail "$what: expected '$expected', got '$actual'"; }
  echo "$what: $actual"
}

cd "$work/All"
expect "without unsafe code" "error KG0101" dotnet build -c Release --no-restore "${quiet[@]}" -p:AllowUnsafeBlocks=false -p:IntermediateOutputPath=obj/safe/ -p:OutDir=obj/safe/
check=(dotnet msbuild "${quiet[@]}" -t:_KernelGenCheckBuild)
expect "as it is" "" "${check[@]}"
expect "packages.config" "error KG0111" "${check[@]}" -p:RestoreProjectStyle=PackagesConfig
expect "an old framework" "error KG0112" "${check[@]}" -p:TargetFrameworkVersion=v9.0
expect "an old compiler" "error KG0113" "${check[@]}" -p:CompilerApiVersion=roslyn4.8
expect "native code for any machine" "warning KG0114" dotnet msbuild "${quiet[@]}" -t:_KernelGenCheckAot -p:PublishAot=true
expect "native code for one machine" "" dotnet msbuild "${quiet[@]}" -t:_KernelGenCheckAot -p:PublishAot=true -p:IlcInstructionSet=native

echo "packages ok"
