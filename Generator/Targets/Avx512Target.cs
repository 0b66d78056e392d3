using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Targets;

/// <summary>
/// x86-64 with AVX-512 F, BW, DQ, VL and VBMI: 16 rows per vector in panels of 16, 32 registers, <c>vpmaddubsw</c> into int16
/// sums, tables of 64 bytes or 32 floats in registers.
/// </summary>
internal class Avx512Target : VectorTarget
{
    public override string Name => "Avx512";

    public override IReadOnlyList<string> Usings => ["System.Runtime.Intrinsics", "System.Runtime.Intrinsics.X86"];

    public override IReadOnlyList<string> Includes => ["Avx2", "Vector128"];

    protected override int Bits => 512;

    public override int PanelRows => 16;

    public override bool OptimizesEagerly => true;

    public override string? DotInstruction => "vpmaddubsw";

    public override string? LookupInstruction(int count) => count <= 16 ? "vpshufb" : count <= 64 ? "vpermb" : "vpermi2b|vpermt2b";

    public override string? MultiplyAddInstruction => "vfmadd132ps|vfmadd213ps|vfmadd231ps";

    public override string? Register => "zmm";

    public override int Registers => 32;

    public override string IntegerScale => "Vector512<short>";

    /// <summary>
    /// 32 registers: a sum of floats and a partial sum per row of activations, and an int32 sum where a segment takes several
    /// partial sums; the second plane of two doubles what is summed.
    /// </summary>
    public override IReadOnlyList<int> TileRows(TileShape shape) => shape.Planes > 1 ? [6, 4, 2, 1] : [12, 6, 4, 2, 1];

    /// <summary>Two vectors of weights and a broadcast activation: 24 sums.</summary>
    public override IReadOnlyList<int> Float32TileRows => [12, 6, 4, 2, 1];

    /// <summary>There is no 512-bit <c>vpsignb</c>: activations are negated under a mask of the weights' signs.</summary>
    public override IReadOnlyList<PreparedOperand> PrepareSigned(string weights) =>
    [
        new("m", Bytes, $"Avx512BW.Abs({weights}.AsSByte())"),
        new("n", "Vector512<sbyte>", $"Vector512.LessThan({weights}.AsSByte(), Vector512<sbyte>.Zero)"),
    ];

    public override string LoadRepeated(string pointer) => $"Avx512F.BroadcastVector128ToVector512((int*)({pointer})).AsByte()";

    public override bool ShiftsLanes => true;

    public override string Repeat(string bytes) => $"Vector512.Create(Vector256.Create({bytes}, {bytes}), Vector256.Create({bytes}, {bytes}))";

    public override string ShiftedLanes(string repeated, IReadOnlyList<int> indices, IReadOnlyList<int> shifts) =>
        Shifted($"Avx512BW.Shuffle({repeated}, Vector512.Create((byte){IntegerList.Of(indices)}))", shifts, "Avx512F.ShiftLeftLogicalVariable");

    public override string ShiftedWindows(string bytes, IReadOnlyList<int> shifts) => ShiftedWindows(bytes, shifts, "Avx512F.ShiftRightLogicalVariable");

    public override string Interleave(string first, string second, int half) => $"Avx512BW.{(half == 0 ? "UnpackLow" : "UnpackHigh")}({first}, {second})";

    public override string InterleaveQuads(string first, string second, int half) => Unpack(first, second, half, "Int32");

    public override string JoinHalves(string first, string second, int half) => Unpack(first, second, half, "Int64");

    private static string Unpack(string first, string second, int half, string lanes) =>
        $"Avx512F.{(half == 0 ? "UnpackLow" : "UnpackHigh")}({first}.As{lanes}(), {second}.As{lanes}()).AsByte()";

    /// <summary>Interleaving works in 128-bit lanes: lane i of the first sum has rows 16i to 16i + 7, that of the second the 8 after.</summary>
    public override string TableRows(string first, string second, int vector)
    {
        string half = vector < 2 ? "Lower" : "Upper";
        string lane = vector % 2 == 0 ? "Lower" : "Upper";
        return $"Avx512F.ConvertToVector512Int32(Vector256.Create({first}.Get{half}().Get{lane}(), {second}.Get{half}().Get{lane}()))";
    }

    public override string Dot(string? partial, string weights, string activations, int? lane) =>
        Accumulate(partial, $"Avx512BW.MultiplyAddAdjacent({weights}, {activations})");

    public override string DotSigned(string? partial, string weights, string activations, int? lane) => Accumulate(
        partial,
        $"Avx512BW.MultiplyAddAdjacent({weights}m, {Support}.Negate({activations}, {weights}n))");

    public override string Widen(string partial) => WidenTimes(partial, 1);

    public override string WidenTimes(string partial, int factor) => $"Avx512BW.MultiplyAddAdjacent({partial}, Vector512.Create((short){factor}))";

    public override string AddScaled(string total, string partial, string scale) => $"{total} + Avx512BW.MultiplyAddAdjacent({partial}, {scale})";

    public override string? WidenBytes(string pointer, int each, int bytes) => (each, bytes) switch
    {
        (2, 64) => $"Avx512BW.ConvertToVector512Int16(Vector256.Load({pointer})).AsUInt16()",
        (4, 64) => $"Avx512F.ConvertToVector512Int32(Vector128.Load({pointer})).AsUInt32()",
        _ => base.WidenBytes(pointer, each, bytes),
    };

    public override string LoadPairs(string pointer, bool signed) => signed
        ? $"Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)({pointer})))"
        : $"Avx512BW.ConvertToVector512Int16(Vector256.Load({pointer}))";

    public override string ScaleOf(string pairs, int half) => $"{Support}.ScaleOf{half}({pairs})";

    public override PreparedOperand SpreadScales(string eight) =>
        new(string.Empty, "Vector512<short>", $"Vector512.Create(Vector256.Create({eight}, {eight}), Vector256.Create({eight}, {eight}))");

    public override string ScalesOf(string spread, IReadOnlyList<int> elements) => $"{ShuffledScales("Avx512BW.Shuffle", spread, elements, sizeof(short))}.AsInt16()";

    public override string DotPairs(string a, string b) => $"Avx512BW.MultiplyAddAdjacent({a}, {b})";

    public override string DotEight(string a, string b) => $"Sse2.MultiplyAddAdjacent({a}, {b})";

    public override string MultiplyAdd(string a, string b, string c) => $"Avx512F.FusedMultiplyAdd({a}, {b}, {c})";

    /// <summary>16 entries are repeated in every 128-bit lane; up to 256 stand in one to four registers.</summary>
    public override string DeclareTable(string name, IReadOnlyList<int> entries)
    {
        if (entries.Count <= 16)
        {
            return base.DeclareTable(name, entries);
        }

        int vectors = entries.Count <= 64 ? 1 : entries.Count <= 128 ? 2 : 4;
        return string.Join("\n", Enumerable.Range(0, vectors).Select(v =>
            $"{Bytes} {name}{v} = Vector512.Create((byte){IntegerList.Of(Enumerable.Range(64 * v, 64).Select(i => i < entries.Count ? entries[i] & 0xFF : 0))});"));
    }

    public override string Lookup(string table, string index, int count) => count switch
    {
        <= 16 => Lookup16(table, index),
        <= 64 => $"Avx512Vbmi.PermuteVar64x8({table}0, {index})",
        <= 128 => $"Avx512Vbmi.PermuteVar64x8x2({table}0, {index}, {table}1)",
        _ => $"{Support}.Lookup256({table}0, {table}1, {table}2, {table}3, {index})",
    };

    protected override string Lookup16(string table, string index) => $"Avx512BW.Shuffle({table}, {index})";

    public override string DeclareSingleTable(string name, IReadOnlyList<int> bits)
    {
        if (bits.Count > 32)
        {
            return $"float* {name} = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(bits)}]));";
        }

        return string.Join("\n", Enumerable.Range(0, bits.Count <= 16 ? 1 : 2).Select(v =>
            $"{Single} {name}{v} = Vector512.Create({IntegerList.Of(Enumerable.Range(16 * v, 16).Select(i => i < bits.Count ? bits[i] : 0))}).AsSingle();"));
    }

    public override string LookupSingle(string table, string index, int count) => count switch
    {
        <= 16 => $"Avx512F.PermuteVar16x32({table}0, {index})",
        <= 32 => $"Avx512F.PermuteVar16x32x2({table}0, {index}, {table}1)",
        _ => $"{Support}.Gather({table}, {index})",
    };

    public override string DeclareSingleTableAt(string name, string pointer, int count) => count switch
    {
        <= 8 => $"{Single} {name}0 = {Avx2Target.LoadTable(pointer, count)}.ToVector512Unsafe();",
        <= 16 => $"{Single} {name}0 = Vector512.Load({pointer});",
        <= 32 => $"{Single} {name}0 = Vector512.Load({pointer});\n{Single} {name}1 = Vector512.Load({pointer} + 16);",
        _ => DeclareMemoryTable(name, pointer),
    };

    public override int SingleTableRegisters => 32;

    public override string Prefetch(string pointer) => $"Sse.Prefetch0({pointer});";

    /// <summary>Not <c>ConvertToInt32Native</c>, which is a call in code compiled ahead of time.</summary>
    public override string TruncateToInt32(string single) => $"Avx512F.ConvertToVector512Int32WithTruncation({single})";

    public override string SupportClass => Idioms;

    private const string Idioms = """
        /// <summary>512-bit idioms that take more than one instruction.</summary>
        internal static unsafe class Avx512Idioms
        {
            /// <summary>The 4 activations <paramref name="at"/> bytes from <paramref name="p"/>, in every lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<sbyte> Quad(byte* p, int at) => Vector512.Create(*(int*)(p + at)).AsSByte();

            /// <summary>Bytes, negative where those of <paramref name="negative"/> have all bits.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<sbyte> Negate(Vector512<sbyte> bytes, Vector512<sbyte> negative) =>
                Avx512BW.BlendVariable(bytes, Vector512<sbyte>.Zero - bytes, negative);

            /// <summary>
            /// 16 halves as f32, exactly. With the exponent rebased to be one too large, a normal half is half of the number and a subnormal one 2^-14 less;
            /// the lesser of the two is right for both, and no operand is a subnormal f32, which multiplications would stumble over. Infinities and NaNs keep theirs.
            /// </summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<float> LoadHalf(ushort* p)
            {
                Vector512<int> bits = LoadInt16((short*)p) << 13;
                Vector512<int> magnitude = bits & Vector512.Create(0x0FFFE000);
                Vector512<float> twice = (magnitude + Vector512.Create(0x38800000)).AsSingle();
                Vector512<float> value = Vector512.MinNative(twice * Vector512.Create(0.5f), twice - Vector512.Create(0x38800000).AsSingle());
                Vector512<int> special = Vector512.GreaterThan(magnitude, Vector512.Create(0x0F7FFFFF)) & Vector512.Create(0x7F800000);
                return value | (special | (bits & Vector512.Create(int.MinValue))).AsSingle();
            }

            /// <summary>Each of 16 bytes in 4 bytes, all ones where it has the bit of that place.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<byte> SpreadBits(byte* p, Vector512<byte> bits) => Vector512.Equals(
                Avx512BW.Shuffle(
                    Avx512F.BroadcastVector128ToVector512((int*)p).AsByte(),
                    Vector512.Create(
                        (byte)0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7,
                        8, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15)) & bits,
                bits);

            /// <summary>16 bfloat16 as f32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<float> LoadBFloat16(ushort* p) => (LoadUInt16(p) << 16).AsSingle();

            /// <summary>16 exponents E as 2^(E - 127 + exponent), exactly: two normal factors, one rounding.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<float> LoadExponent(byte* p, int exponent)
            {
                Vector512<int> e = LoadByte(p) + Vector512.Create(exponent + 127);
                Vector512<int> half = e >> 1;
                return (half << 23).AsSingle() * ((e - half) << 23).AsSingle();
            }

            /// <summary>As <see cref="LoadExponent"/>, 255 being NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<float> LoadE8M0(byte* p, int exponent) =>
                LoadExponent(p, exponent) | Vector512.Equals(LoadByte(p), Vector512.Create(255)).AsSingle();

            /// <summary>16 bytes as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<int> LoadByte(byte* p) => Avx512F.ConvertToVector512Int32(Vector128.Load(p));

            /// <summary>16 signed bytes as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<int> LoadSByte(sbyte* p) => Avx512F.ConvertToVector512Int32(Vector128.Load(p));

            /// <summary>16 int16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<int> LoadInt16(short* p) => Avx512F.ConvertToVector512Int32(Vector256.Load(p));

            /// <summary>16 uint16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<int> LoadUInt16(ushort* p) => Avx512F.ConvertToVector512Int32(Vector256.Load(p));

            /// <summary>The first of each pair of int16, twice.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<short> ScaleOf0(Vector512<short> pairs) => Avx512BW.Shuffle(pairs.AsByte(), Vector512.Create(0x05040504_01000100, 0x0D0C0D0C_09080908, 0x05040504_01000100, 0x0D0C0D0C_09080908, 0x05040504_01000100, 0x0D0C0D0C_09080908, 0x05040504_01000100, 0x0D0C0D0C_09080908).AsByte()).AsInt16();

            /// <summary>The second of each pair of int16, twice.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<short> ScaleOf1(Vector512<short> pairs) => Avx512BW.Shuffle(pairs.AsByte(), Vector512.Create(0x07060706_03020302, 0x0F0E0F0E_0B0A0B0A, 0x07060706_03020302, 0x0F0E0F0E_0B0A0B0A, 0x07060706_03020302, 0x0F0E0F0E_0B0A0B0A, 0x07060706_03020302, 0x0F0E0F0E_0B0A0B0A).AsByte()).AsInt16();

            /// <summary>Byte entries of a table of 256 in four registers: bit 7 of the index picks the half.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<byte> Lookup256(Vector512<byte> t0, Vector512<byte> t1, Vector512<byte> t2, Vector512<byte> t3, Vector512<byte> index) =>
                Avx512BW.BlendVariable(
                    Avx512Vbmi.PermuteVar64x8x2(t0, index, t1),
                    Avx512Vbmi.PermuteVar64x8x2(t2, index, t3),
                    Vector512.LessThan(index.AsSByte(), Vector512<sbyte>.Zero).AsByte());

            /// <summary>f32 entries read from memory by index: .NET has no 512-bit gather.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector512<float> Gather(float* table, Vector512<int> index) =>
                Avx2.GatherVector256(table, index.GetLower(), 4).ToVector512Unsafe().WithUpper(Avx2.GatherVector256(table, index.GetUpper(), 4));
        }
        """;
}
