#!/usr/bin/env bash
# Runs the AVX-512 kernels on an emulated processor that has the instructions: records what the kernels give with emulated
# intrinsics (Tests/Emulation), boots Linux under Bochs with a program of the same kernels, compiled ahead of time, and compares
# bit for bit. Runs on Debian 12 with the .NET 10 SDK, as root or with sudo (it installs packages); five to eight minutes.
#
#   Tests/Avx512/run.sh [work folder]        (default: artifacts/avx512)
#
# AVX512_FORMATS: "plans" (default), one format of every kind of plan, or "forms", fewer, which have every decoded form, kind of codes, length of
# segments and kind of scales between them (Record/Cover.cs). AVX512_LIMIT: seconds the emulated machine may take (default 360). The last line is the verdict of the program, "avx512: N results
# identical, N failed, targets ...", or says why it did not run; the exit status is 0 where nothing failed.
#
# Bochs 2.7 has no processor with AVX-VNNI: Avx2Vnni and Avx512Vnni run with emulated intrinsics only, and on processors that have it.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=${1:-artifacts/avx512}
formats=${AVX512_FORMATS:-plans}
limit=${AVX512_LIMIT:-360}
mkdir -p artifacts "$work"
work=$(cd "$work" && pwd)
exec 3>"$work/log.txt"

# Scripts that run side by side share projects: one of them builds at a time.
only() { flock -o artifacts/build.lock "$@" >&3 2>&3; }
trap 'status=$?; [ $status -eq 0 ] || [ -n "${summary:-}" ] || { tail -n 20 "$work/log.txt" >&2; echo "avx512: not run, see $work/log.txt" >&2; }' EXIT

skip() {
    echo "avx512: not run, $1"
    exit 0
}
[ "$(uname -sm)" = "Linux x86_64" ] || skip "it needs Linux on x86-64 ($(uname -sm) here)"
command -v apt-get >/dev/null || skip "there is no apt-get to install Bochs and a kernel with"
if ! command -v bochs >/dev/null || ! command -v grub-mkrescue >/dev/null || ! [ -e /usr/lib/grub/i386-pc ] || ! command -v xorriso >/dev/null ||
    ! command -v mformat >/dev/null || ! [ -e /bin/busybox ] || ! command -v cpio >/dev/null; then
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null || skip "packages have to be installed, which takes root or sudo"
    sudo=$([ "$(id -u)" = 0 ] || echo "sudo -n")
    $sudo apt-get -o DPkg::Lock::Timeout=120 update -qq >&3 2>&3
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq --no-install-recommends \
        bochs grub-pc-bin grub-common xorriso mtools busybox-static cpio >&3 2>&3
fi

# The kernel is unpacked, not installed: nothing of this machine's boot is touched.
if [ ! -e "$work/vmlinuz" ]; then
    package=$(apt-cache depends linux-image-cloud-amd64 | grep -oE 'linux-image-[0-9][^ ]*' | head -n 1)
    mkdir -p "$work/kernel"
    (cd "$work/kernel" && rm -f ./*.deb && apt-get download -qq "$package" >&3 2>&3 && dpkg-deb -x ./*.deb .)
    cp "$work"/kernel/boot/vmlinuz-* "$work/vmlinuz"
fi

only dotnet build Tests/Avx512/Record -c Release -v quiet -nologo
rm -rf "$work/app" "$work/declarations"
dotnet Tests/Avx512/Record/bin/Release/net10.0/KernelGen.Avx512Record.dll Avx512 "$formats" "$root" "$work/cases" "$work/declarations"
only dotnet publish Tests/Avx512/Replay -c Release -o "$work/app" -v quiet -nologo "-p:Declarations=$work/declarations"
cp "$work/cases" "$work/app/"

# A memory file system with the program, what it links to, and a shell.
machine=$work/machine
rm -rf "$machine" "$work/iso"
mkdir -p "$machine"/{bin,dev,proc,tmp,app} "$work/iso/boot/grub"
cp /bin/busybox "$machine/bin/"
cp "$work"/app/* "$machine/app/"
(cd "$machine/app" && rm -f libmscordaccore.so libmscordbi.so libclrgc*.so libcoreclrtraceptprovider.so libSystem.IO.Compression* libSystem.Net* \
    libSystem.Security* libSystem.Globalization.Native.so createdump ./*.pdb ./*.xml)
for library in $(ldd "$machine"/app/*.so "$machine/app/KernelGen.Avx512Replay" | grep -oE '/[^ )]+\.so[^ )]*' | grep -v "^$machine" | sort -u); do
    cp -L --parents "$library" "$machine/"
done
cat >"$machine/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
exec >/dev/ttyS0 2>&1 </dev/null
export DOTNET_EnableDiagnostics=0 DOTNET_TieredCompilation=0 DOTNET_GCHeapHardLimit=0x8000000 DOTNET_gcConcurrent=0 HOME=/tmp
cd /app
./KernelGen.Avx512Replay cases
echo "exit status $?"
/bin/busybox poweroff -f
INIT
chmod +x "$machine/init"
(cd "$machine" && find . | cpio -o -H newc --quiet | gzip -1 >"$work/iso/boot/initrd.gz")
cp "$work/vmlinuz" "$work/iso/boot/"
# Without clearcpuid the kernel hangs on this model of a processor.
cat >"$work/iso/boot/grub/grub.cfg" <<'GRUB'
set timeout=0
linux /boot/vmlinuz console=ttyS0,115200 quiet loglevel=3 nokaslr tsc=reliable rdinit=/init panic=-1 nowatchdog mitigations=off clearcpuid=xsaves,xsavec,pku,fsrm cryptomgr.notests
initrd /boot/initrd.gz
boot
GRUB
grub-mkrescue -o "$work/boot.iso" "$work/iso" >&3 2>&3

cd "$work"
cat >bochsrc <<'BOCHS'
cpu: model=corei7_icelake_u, count=1, ips=10000000, ignore_bad_msrs=1, reset_on_triple_fault=0
memory: guest=1024, host=1024
ata0-master: type=cdrom, path=boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=serial.txt
clock: sync=none
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
display_library: rfb, options="timeout=0"
log: bochs.log
BOCHS
# Debian's is the debugger build, which waits for a command; its exit status says nothing.
echo c >debugger.txt
rm -f serial.txt
timeout -k 5 "$limit" bochs -q -f bochsrc -rc debugger.txt >bochs.txt 2>&1 </dev/null || true
cd "$root"

tr -d '\r' <"$work/serial.txt" >"$work/serial.lf.txt" 2>/dev/null || true
grep '^FAILED' "$work/serial.lf.txt" | cut -c -300 | head -n 20 || true
summary=$(grep -E '^avx512: [0-9]+ results' "$work/serial.lf.txt" | tail -n 1 || true)
if [ -z "$summary" ]; then
    summary="avx512: no verdict within $limit s"
    tail -n 20 "$work/serial.lf.txt" "$work/bochs.log" | cut -c -200 || true
fi
echo "$summary"
[[ $summary == *" 0 failed, targets Avx512" ]] && grep -q '^exit status 0$' "$work/serial.lf.txt"
