using System.Collections.Generic;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Targets;

/// <summary>
/// AVX-512 with AVX-VNNI, whose widest <c>vpdpbusd</c> has 256 bits: signed weights, rebased to unsigned bytes, are multiplied
/// by it in two halves. Narrower weights stay with the 512-bit <c>vpmaddubsw</c>, which takes twice as many products at once.
/// </summary>
internal class Avx512VnniTarget : Avx512Target
{
    public override string Name => "Avx512Vnni";

    public override string? Extends => "Avx512";

    public override IReadOnlyList<string> Includes => ["Avx2Vnni", "Avx2", "Vector128"];

    public override bool RebasesSigned => true;

    public override string Rebase(string value) => $"{value} ^ Vector512.Create((byte)0x80)";

    public override bool SharesTiles(TileShape shape) => !shape.Rebased;

    public override Target For(TileShape shape) => shape.Rebased ? new Halves() : this;

    public override string OwnSupportClass => Sums;

    private const string Sums = """
        /// <summary>Sums of products of bytes in int32: those of rows 0 to 7, those of rows 8 to 15.</summary>
        internal readonly struct Avx512VnniSum(Vector256<int> low, Vector256<int> high)
        {
            /// <summary>Rows 0 to 7.</summary>
            public readonly Vector256<int> Low = low;

            /// <summary>Rows 8 to 15.</summary>
            public readonly Vector256<int> High = high;
        }

        /// <summary>Products in two halves.</summary>
        internal static class Avx512VnniIdioms
        {
            /// <summary>u8 x s8 products, 4 added to each sum.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Avx512VnniSum Dot(Avx512VnniSum sum, Vector512<byte> weights, Vector512<sbyte> activations) => new(
                AvxVnni.MultiplyWideningAndAdd(sum.Low, weights.GetLower(), activations.GetLower()),
                AvxVnni.MultiplyWideningAndAdd(sum.High, weights.GetUpper(), activations.GetLower()));

            /// <summary>One int32 per row. The JIT keeps what <c>Vector512.Create</c> starts from on the stack, from one pass of a loop to the next.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<int> Widen(Avx512VnniSum sum) => sum.Low.ToVector512Unsafe().WithUpper(sum.High);
        }
        """;

    /// <summary>The products of rebased weights. Every row has the same activations, so that one half of their vector serves both.</summary>
    private sealed class Halves : Avx512VnniTarget
    {
        public override string? DotInstruction => "vpdpbusd";

        public override string? DotRegister => "ymm";

        public override int PartialRegisters => 2;

        /// <summary>The VEX encoding of <c>vpdpbusd</c> names the first 16 registers only.</summary>
        public override int Registers => 16;

        public override string Partial => "Avx512VnniSum";

        public override string IntegerScale => "Vector512<int>";

        public override IReadOnlyList<int> TileRows(TileShape shape) => [6, 4, 2, 1];

        public override int PartialDepth(int largest) => int.MaxValue / (4 * 127 * System.Math.Max(largest, 1));

        public override string Dot(string? partial, string weights, string activations, int? lane) =>
            $"{OwnSupport}.Dot({partial ?? "default"}, {weights}, {activations})";

        public override string Widen(string partial) => $"{OwnSupport}.Widen({partial})";

        public override string WidenTimes(string partial, int factor) => $"{Widen(partial)} * {factor}";

        public override string AddScaled(string total, string partial, string scale) => $"{total} + ({Widen(partial)} * {scale})";

        public override string ScaleOf(string pairs, int half) => half == 0 ? $"({pairs}.AsInt32() << 16 >> 16)" : $"({pairs}.AsInt32() >> 16)";
    }
}
