using System.Collections.Generic;

namespace KernelGen.Generator.Targets;

/// <summary>
/// AVX2 with AVX-VNNI: <c>vpdpbusd</c> adds 4 products of unsigned weights and signed activations to an int32, without
/// saturation, so that partial sums need no widening and weights may have 8 bits.
/// </summary>
internal sealed class Avx2VnniTarget : Avx2Int32Target
{
    public override string Name => "Avx2Vnni";

    public override string? Extends => "Avx2";

    public override IReadOnlyList<string> Includes => ["Avx2", "Vector128"];

    public override string? DotInstruction => "vpdpbusd";

    public override int PartialDepth(int largest) => int.MaxValue / (4 * 127 * System.Math.Max(largest, 1));

    public override bool RebasesSigned => true;

    public override string Rebase(string value) => $"{value} ^ Vector256.Create((byte)0x80)";

    public override string Dot(string? partial, string weights, string activations, int? lane) =>
        $"AvxVnni.MultiplyWideningAndAdd({partial ?? "Vector256<int>.Zero"}, {weights}, {activations})";

    public override string DotSigned(string? partial, string weights, string activations, int? lane) =>
        $"AvxVnni.MultiplyWideningAndAdd({partial ?? "Vector256<int>.Zero"}, {weights}m, {SignedBy(activations, weights)})";
}
