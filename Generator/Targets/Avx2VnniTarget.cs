using System.Collections.Generic;

namespace KernelGen.Generator.Targets;

/// <summary>
/// AVX2 with AVX-VNNI: <c>vpdpbusd</c> adds 4 products of unsigned weights and signed activations to an int32, without
/// saturation, so that partial sums need no widening and weights may have 8 bits.
/// </summary>
internal sealed class Avx2VnniTarget : Avx2Target
{
    public override string Name => "Avx2Vnni";

    public override string? Extends => "Avx2";

    public override IReadOnlyList<string> Includes => ["Avx2", "Vector128"];

    public override string? DotInstruction => "vpdpbusd";

    public override string Partial => "Vector256<int>";

    public override string IntegerScale => "Vector256<int>";

    public override int PartialDepth(int largest) => int.MaxValue / (4 * 127 * System.Math.Max(largest, 1));

    public override bool RebasesSigned => true;

    public override string Rebase(string value) => $"{value} ^ Vector256.Create((byte)0x80)";

    public override string Dot(string? partial, string weights, string activations, int? lane) =>
        $"AvxVnni.MultiplyWideningAndAdd({partial ?? "Vector256<int>.Zero"}, {weights}, {activations})";

    public override string DotSigned(string? partial, string weights, string activations, int? lane) =>
        $"AvxVnni.MultiplyWideningAndAdd({partial ?? "Vector256<int>.Zero"}, {weights}m, Avx2.Sign({activations}, {weights}.AsSByte()))";

    public override string Widen(string partial) => partial;

    /// <summary>The factor is a power of two, the low plane's: a shift is cheaper than <c>vpmulld</c>.</summary>
    public override string WidenTimes(string partial, int factor) => $"({partial} << {Log2(factor)})";

    public override string AddScaled(string total, string partial, string scale) => $"{total} + ({partial} * {scale})";

    public override string ScaleOf(string pairs, int half) => half == 0 ? $"({pairs}.AsInt32() << 16 >> 16)" : $"({pairs}.AsInt32() >> 16)";

    public override string ScalesOf(string spread, IReadOnlyList<int> elements) => $"({ShuffledScales("Avx2.Shuffle", spread, elements, sizeof(int))}.AsInt32() >> 16)";

    private static int Log2(int power)
    {
        int log = 0;
        while (1 << log < power)
        {
            log++;
        }

        return log;
    }
}
