using System.Collections.Generic;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Targets;

/// <summary>AVX2 with products that are added up in int32 at once: partial sums need no widening.</summary>
internal abstract class Avx2Int32Target : Avx2Target
{
    public override string Partial => "Vector256<int>";

    public override string IntegerScale => "Vector256<int>";

    public override string Widen(string partial) => partial;

    /// <summary>The factor is a power of two, the low plane's: a shift is cheaper than <c>vpmulld</c>.</summary>
    public override string WidenTimes(string partial, int factor) => $"({partial} << {PowerOfTwo.Log2(factor)})";

    public override string AddScaled(string total, string partial, string scale) => $"{total} + ({partial} * {scale})";

    public override string ScaleOf(string pairs, int half) => half == 0 ? $"({pairs}.AsInt32() << 16 >> 16)" : $"({pairs}.AsInt32() >> 16)";

    public override string ScalesOf(string spread, IReadOnlyList<int> elements) =>
        $"({ShuffledScales("Avx2.Shuffle", spread, elements, sizeof(int))}.AsInt32() >> 16)";
}
