using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Targets;

namespace KernelGen.Disassembly;

/// <summary>An image to compile, and the targets whose kernels are read in it.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Architecture">As crossgen2 calls it.</param>
/// <param name="InstructionSets">As crossgen2 calls them.</param>
/// <param name="Targets">Names of targets that need no more than these.</param>
/// <param name="Decode">Its decoder.</param>
internal sealed record ImageKind(
    string Name, string Architecture, string InstructionSets, IReadOnlyList<string> Targets, Func<int, byte[], IReadOnlyList<Instruction>> Decode)
{
    /// <summary>
    /// All images. A target and the one it extends are read in the same: the compiler takes no instruction of its own accord that a kernel does not
    /// name. AVX2's is compiled without AVX-512, whose encodings would give its kernels twice the registers.
    /// </summary>
    public static IReadOnlyList<ImageKind> All { get; } =
    [
        new("x64-avx2", "x64", "avx2,avxvnni", ["Avx2", "Avx2Vnni"], X64.Decode),
        new("x64-avx512", "x64", "avx512v3,avxvnni", ["Avx512", "Avx512Vnni"], X64.Decode),
        new("arm64-neon", "arm64", "neon,dotprod", ["Neon", "NeonDot"], Arm64.Decode),
    ];

    /// <summary>Targets that promise an instruction and are read nowhere.</summary>
    public static IEnumerable<string> Uncovered => TargetCatalogue.All
        .Where(target => target.DotInstruction is not null)
        .Select(target => target.Name)
        .Except(All.SelectMany(image => image.Targets));
}
