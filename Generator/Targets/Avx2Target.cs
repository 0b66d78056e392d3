using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Targets;

/// <summary>x86-64 with AVX2 and FMA: 8 rows per vector, <c>vpmaddubsw</c> into int16 sums.</summary>
internal class Avx2Target : VectorTarget
{
    public override string Name => "Avx2";

    public override IReadOnlyList<string> Usings => ["System.Runtime.Intrinsics", "System.Runtime.Intrinsics.X86"];

    /// <summary>Most entries of a table that is looked up by differences.</summary>
    private const int MostSteps = 128;

    protected override int Bits => 256;

    public override IReadOnlyList<string> Includes => ["Vector128"];

    public override Target? Half => new Avx2HalfTarget();

    public override bool OptimizesEagerly => true;

    public override string? DotInstruction => "vpmaddubsw";

    public override string? LookupInstruction(int count) => "vpshufb";

    public override string? MultiplyAddInstruction => "vfmadd132ps|vfmadd213ps|vfmadd231ps";

    public override string? Register => "ymm";

    public override string IntegerScale => "Vector256<short>";

    public override IReadOnlyList<PreparedOperand> PrepareSigned(string weights) => [new("m", Bytes, $"Avx2.Abs({weights}.AsSByte())")];

    public override bool SignsActivations => true;

    public override string SignedBy(string activations, string bytes) => $"Avx2.Sign({activations}, {bytes}.AsSByte())";

    protected override string Lookup16(string table, string index) => $"Avx2.Shuffle({table}, {index})";

    public override string LoadRepeated(string pointer) => $"Avx2.BroadcastVector128ToVector256({pointer})";

    public override bool ShiftsLanes => true;

    public override string Repeat(string bytes) => $"Vector256.Create({bytes}, {bytes})";

    public override string ShiftedLanes(string repeated, IReadOnlyList<int> indices, IReadOnlyList<int> shifts) =>
        Shifted($"Avx2.Shuffle({repeated}, Vector256.Create((byte){IntegerList.Of(indices)}))", shifts, "Avx2.ShiftLeftLogicalVariable");

    public override string ShiftedWindows(string bytes, IReadOnlyList<int> shifts) => ShiftedWindows(bytes, shifts, "Avx2.ShiftRightLogicalVariable");

    public override string Negated(string int32, string sign) => $"Avx2.Sign({int32}, {sign})";

    public override string Interleave(string first, string second, int half) => $"Avx2.{(half == 0 ? "UnpackLow" : "UnpackHigh")}({first}, {second})";

    public override string InterleaveQuads(string first, string second, int half) => Unpack(first, second, half, "Int32");

    public override string JoinHalves(string first, string second, int half) => Unpack(first, second, half, "Int64");

    private static string Unpack(string first, string second, int half, string lanes) =>
        $"Avx2.{(half == 0 ? "UnpackLow" : "UnpackHigh")}({first}.As{lanes}(), {second}.As{lanes}()).AsByte()";

    /// <summary>Interleaving works in 128-bit lanes: the first sum has rows 0 to 7 and 16 to 23.</summary>
    public override string TableRows(string first, string second, int vector) =>
        $"Avx2.ConvertToVector256Int32({(vector % 2 == 0 ? first : second)}.Get{(vector < 2 ? "Lower" : "Upper")}())";

    public override string Dot(string? partial, string weights, string activations, int? lane) =>
        Accumulate(partial, $"Avx2.MultiplyAddAdjacent({weights}, {activations})");

    public override string DotSigned(string? partial, string weights, string activations, int? lane) =>
        Accumulate(partial, $"Avx2.MultiplyAddAdjacent({weights}m, {SignedBy(activations, weights)})");

    public override string Widen(string partial) => WidenTimes(partial, 1);

    public override string WidenTimes(string partial, int factor) => $"Avx2.MultiplyAddAdjacent({partial}, Vector256.Create((short){factor}))";

    public override string AddScaled(string total, string partial, string scale) => $"{total} + Avx2.MultiplyAddAdjacent({partial}, {scale})";

    public override string? WidenBytes(string pointer, int each, int bytes) => (each, bytes) switch
    {
        (2, 32) => $"Avx2.ConvertToVector256Int16({pointer}).AsUInt16()",
        (4, 32) => $"Avx2.ConvertToVector256Int32({pointer}).AsUInt32()",
        _ => base.WidenBytes(pointer, each, bytes),
    };

    public override string LoadPairs(string pointer, bool signed) =>
        signed ? $"Avx2.ConvertToVector256Int16((sbyte*)({pointer}))" : $"Avx2.ConvertToVector256Int16({pointer})";

    public override string ScaleOf(string pairs, int half) => $"{Support}.ScaleOf{half}({pairs})";

    public override PreparedOperand SpreadScales(string eight) => new(string.Empty, "Vector256<short>", $"Vector256.Create({eight}, {eight})");

    public override string ScalesOf(string spread, IReadOnlyList<int> elements) => $"{ShuffledScales("Avx2.Shuffle", spread, elements, sizeof(short))}.AsInt16()";

    public override string DotPairs(string a, string b) => $"Avx2.MultiplyAddAdjacent({a}, {b})";

    public override string DotEight(string a, string b) => $"Sse2.MultiplyAddAdjacent({a}, {b})";

    public override string MultiplyAdd(string a, string b, string c) => $"Fma.MultiplyAdd({a}, {b}, {c})";

    /// <summary>
    /// Up to 128 entries are stored as what each differs in from the one 16 before it: <c>vpshufb</c> gives nothing for a negative index, so that those
    /// for the index, for the index less 16 and so on add up to the entry. Index bytes have no bit above those of the table.
    /// </summary>
    public override string DeclareTable(string name, IReadOnlyList<int> entries) => entries.Count is <= 16 or > MostSteps
        ? base.DeclareTable(name, entries)
        : base.DeclareTable(name, [.. Enumerable.Range(0, StepsOf(entries.Count)).Select(i => Entry(entries, i) ^ Entry(entries, i - 16))]);

    public override string Lookup(string table, string index, int count) => count is <= 16 or > MostSteps
        ? base.Lookup(table, index, count)
        : $"{Support}.Lookup{StepsOf(count)}({table}, {index})";

    public override string DeclareSingleTable(string name, IReadOnlyList<int> bits)
    {
        if (bits.Count > 16)
        {
            return $"float* {name} = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(bits)}]));";
        }

        IEnumerable<int> padded = Enumerable.Range(0, 16).Select(i => i < bits.Count ? bits[i] : 0);
        string low = $"Vector256<float> {name}Low = Vector256.Create({IntegerList.Of(padded.Take(8))}).AsSingle();";
        return bits.Count <= 8 ? low : $"{low}\nVector256<float> {name}High = Vector256.Create({IntegerList.Of(padded.Skip(8))}).AsSingle();";
    }

    public override string LookupSingle(string table, string index, int count) => count switch
    {
        <= 8 => $"Avx2.PermuteVar8x32({table}Low, {index})",
        <= 16 => $"{Support}.Lookup16({table}Low, {table}High, {index})",
        _ => $"Avx2.GatherVector256({table}, {index}, 4)",
    };

    public override string DeclareSingleTableAt(string name, string pointer, int count) => count switch
    {
        <= 8 => $"Vector256<float> {name}Low = {LoadTable(pointer, count)};",
        <= 16 => $"Vector256<float> {name}Low = Vector256.Load({pointer});\nVector256<float> {name}High = Vector256.Load({pointer} + 8);",
        _ => DeclareMemoryTable(name, pointer),
    };

    /// <summary>Up to 8 numbers in a vector's low lanes.</summary>
    internal static string LoadTable(string pointer, int count) => count switch
    {
        <= 2 => $"Vector128.CreateScalarUnsafe(*(double*)({pointer})).AsSingle().ToVector256Unsafe()",
        <= 4 => $"Vector128.Load({pointer}).ToVector256Unsafe()",
        _ => $"Vector256.Load({pointer})",
    };

    public override int SingleTableRegisters => 16;

    public override string AtLeast(string value, string bound) => $"Avx.Max({value}, {bound})";

    public override string AtMost(string value, string bound) => $"Avx.Min({value}, {bound})";

    public override string RoundToInt32(string single) => $"Avx.ConvertToVector256Int32({single})";

    /// <summary>Not <c>ConvertToInt32Native</c>, which is a call in code compiled ahead of time.</summary>
    public override string TruncateToInt32(string single) => $"Avx.ConvertToVector256Int32WithTruncation({single})";

    public override string NarrowToBytes(string a, string b, string c, string d) => $"{Support}.NarrowToBytes({a}, {b}, {c}, {d})";

    public override bool RoundsToBytes => true;

    public override string RoundAwayToBytes(string a, string b, string c, string d) => $"{Support}.RoundAwayToBytes({a}, {b}, {c}, {d})";

    public override string Prefetch(string pointer) => $"Sse.Prefetch0({pointer});";

    /// <summary>Entries of a table of differences: 32, 64 or 128.</summary>
    private static int StepsOf(int count) => count <= 32 ? 32 : count <= 64 ? 64 : MostSteps;

    private static int Entry(IReadOnlyList<int> entries, int index) => index >= 0 && index < entries.Count ? entries[index] : 0;

    public override string SupportClass => Idioms;

    private const string Idioms = """
        /// <summary>256-bit idioms that take more than one instruction.</summary>
        internal static unsafe class Avx2Idioms
        {
            /// <summary>The 4 activations <paramref name="at"/> bytes from <paramref name="p"/>, in every lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<sbyte> Quad(byte* p, int at) => Vector256.Create(*(int*)(p + at)).AsSByte();

            /// <summary>
            /// 8 halves as f32, exactly. With the exponent rebased to be one too large, a normal half is half of the number and a subnormal one 2^-14 less;
            /// the lesser of the two is right for both, and no operand is a subnormal f32, which multiplications would stumble over. Infinities and NaNs keep theirs.
            /// </summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<float> LoadHalf(ushort* p)
            {
                Vector256<int> bits = Avx2.ConvertToVector256Int32((short*)p) << 13;
                Vector256<int> magnitude = bits & Vector256.Create(0x0FFFE000);
                Vector256<float> twice = (magnitude + Vector256.Create(0x38800000)).AsSingle();
                Vector256<float> value = Vector256.MinNative(twice * Vector256.Create(0.5f), twice - Vector256.Create(0x38800000).AsSingle());
                Vector256<int> special = Vector256.GreaterThan(magnitude, Vector256.Create(0x0F7FFFFF)) & Vector256.Create(0x7F800000);
                return value | (special | (bits & Vector256.Create(int.MinValue))).AsSingle();
            }

            /// <summary>Each of 8 bytes in 4 bytes, all ones where it has the bit of that place.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<byte> SpreadBits(byte* p, Vector256<byte> bits) => Vector256.Equals(
                Avx2.Shuffle(
                    Vector256.Create(*(ulong*)p).AsByte(),
                    Vector256.Create((byte)0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7)) & bits,
                bits);

            /// <summary>8 bfloat16 as f32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<float> LoadBFloat16(ushort* p) => (Avx2.ConvertToVector256Int32(p) << 16).AsSingle();

            /// <summary>8 exponents E as 2^(E - 127 + exponent), exactly: two normal factors, one rounding.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<float> LoadExponent(byte* p, int exponent)
            {
                Vector256<int> e = LoadByte(p) + Vector256.Create(exponent + 127);
                Vector256<int> half = e >> 1;
                return (half << 23).AsSingle() * ((e - half) << 23).AsSingle();
            }

            /// <summary>As <see cref="LoadExponent"/>, 255 being NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<float> LoadE8M0(byte* p, int exponent) =>
                LoadExponent(p, exponent) | Vector256.Equals(LoadByte(p), Vector256.Create(255)).AsSingle();

            /// <summary>8 bytes as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<int> LoadByte(byte* p) => Avx2.ConvertToVector256Int32(p);

            /// <summary>8 signed bytes as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<int> LoadSByte(sbyte* p) => Avx2.ConvertToVector256Int32(p);

            /// <summary>8 int16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<int> LoadInt16(short* p) => Avx2.ConvertToVector256Int32(p);

            /// <summary>8 uint16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<int> LoadUInt16(ushort* p) => Avx2.ConvertToVector256Int32(p);

            /// <summary>The first of each pair of int16, twice.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<short> ScaleOf0(Vector256<short> pairs) => Avx2.Shuffle(pairs.AsByte(), Vector256.Create((byte)0, 1, 0, 1, 4, 5, 4, 5, 8, 9, 8, 9, 12, 13, 12, 13, 0, 1, 0, 1, 4, 5, 4, 5, 8, 9, 8, 9, 12, 13, 12, 13)).AsInt16();

            /// <summary>The second of each pair of int16, twice.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<short> ScaleOf1(Vector256<short> pairs) => Avx2.Shuffle(pairs.AsByte(), Vector256.Create((byte)2, 3, 2, 3, 6, 7, 6, 7, 10, 11, 10, 11, 14, 15, 14, 15, 2, 3, 2, 3, 6, 7, 6, 7, 10, 11, 10, 11, 14, 15, 14, 15)).AsInt16();

            /// <summary>Int32 lanes of 0 … 255 as bytes: packed within 128-bit lanes, then put in order.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<byte> NarrowToBytes(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d) => Avx2.PermuteVar8x32(
                Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(a, b), Avx2.PackSignedSaturate(c, d)).AsInt32(),
                Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte();

            /// <summary>F32 rounded half away from zero, as bytes in the order of <see cref="NarrowToBytes"/>, saturated; -128 for a NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<byte> RoundAwayToBytes(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) => Avx2.PermuteVar8x32(
                Avx2.PackSignedSaturate(
                    RoundHalves(Avx2.PackSignedSaturate(Halves(a), Halves(b))),
                    RoundHalves(Avx2.PackSignedSaturate(Halves(c), Halves(d)))).AsInt32(),
                Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsByte();

            /// <summary>How many halves there are in each number up to 127, without the rest. What no int32 holds and a NaN, which is kept as the second operand, convert to the least.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<int> Halves(Vector256<float> value)
            {
                Vector256<float> bounded = Avx.Min(Vector256.Create(127f), value);
                return Avx.ConvertToVector256Int32WithTruncation(bounded + bounded);
            }

            /// <summary>Numbers of halves as integers, a single half away from zero: a shift rounds down, so that one is added where they are not negative.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<short> RoundHalves(Vector256<short> halves) => (halves - Vector256.GreaterThan(halves, Vector256.Create((short)-1))) >> 1;

            /// <summary>16 f32 entries looked up by the low 4 bits of each index.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<float> Lookup16(Vector256<float> low, Vector256<float> high, Vector256<int> index) =>
                Avx.BlendVariable(Avx2.PermuteVar8x32(low, index), Avx2.PermuteVar8x32(high, index), (index << 28).AsSingle());

            /// <summary>Byte entries of a table of 32, which has their differences, for indices below; see <see cref="Lookup128"/>.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<byte> Lookup32(byte* table, Vector256<byte> index) =>
                Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table), index)
                ^ Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table + 16), index - Vector256.Create((byte)16));

            /// <summary>Byte entries of a table of 64; see <see cref="Lookup128"/>.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<byte> Lookup64(byte* table, Vector256<byte> index) => Lookup32(table, index) ^ Lookup32(table + 32, index - Vector256.Create((byte)32));

            /// <summary>
            /// Byte entries of a table of 128, which has what each differs in from the one 16 before it: an index less 16 i finds the step to part i, or, below 0, nothing.
            /// </summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<byte> Lookup128(byte* table, Vector256<byte> index) => Lookup64(table, index) ^ Lookup64(table + 64, index - Vector256.Create((byte)64));

            /// <summary>Byte entries of a table of 16 * <paramref name="parts"/> entries: each part answers for the indices whose high nibble is its own.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector256<byte> Lookup(byte* table, Vector256<byte> index, int parts)
            {
                Vector256<byte> result = Vector256<byte>.Zero;
                for (int i = 0; i < parts; i++)
                {
                    Vector256<byte> mine = Vector256.Equals(index & Vector256.Create((byte)0xF0), Vector256.Create((byte)(16 * i)));
                    result |= mine & Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table + (16 * i)), index & Vector256.Create((byte)15));
                }

                return result;
            }
        }
        """;
}
