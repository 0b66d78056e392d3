using System.Collections.Generic;

namespace KernelGen.Generator.Targets;

/// <summary>AVX2 with 16 bytes at a time, widened to int16 and multiplied by <c>vpmaddwd</c>: for rows whose segments, or blocks, are 16 inputs.</summary>
internal sealed class Avx2HalfTarget : Avx2Int32Target
{
    protected override int ByteBits => 128;

    public override Target? Half => null;

    public override int PartialDepth(int largest) => int.MaxValue / (2 * 127 * System.Math.Max(largest, 1));

    public override IReadOnlyList<PreparedOperand> PrepareSigned(string weights) => [];

    protected override string Lookup16(string table, string index) => $"Ssse3.Shuffle({table}, {index})";

    /// <summary>Longer tables are looked up in whole vectors, half of which nobody reads.</summary>
    public override string Lookup(string table, string index, int count) =>
        count <= 16 ? Lookup16(table, index) : $"{base.Lookup(table, $"{index}.ToVector256Unsafe()", count)}.GetLower()";

    public override string LoadRepeated(string pointer) => $"Vector128.Load({pointer})";

    public override string Dot(string? partial, string weights, string activations, int? lane) => Words(partial, weights, activations);

    public override string DotSigned(string? partial, string weights, string activations, int? lane) => Words(partial, $"{weights}.AsSByte()", activations);

    private static string Words(string? partial, string weights, string activations) =>
        Accumulate(partial, $"Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16({weights}), Avx2.ConvertToVector256Int16({activations}))");
}
