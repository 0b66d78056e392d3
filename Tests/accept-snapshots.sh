#!/usr/bin/env bash
# Makes what is emitted now the verified snapshots. Look at the difference with git before committing it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
KERNELGEN_ACCEPT_SNAPSHOTS=1 dotnet test Tests/KernelGen.Tests -c Release --filter FullyQualifiedName~Snapshots "$@"
git status --short Tests/KernelGen.Tests/Snapshots
