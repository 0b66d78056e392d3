using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Targets;

/// <summary>
/// Arm64 with AdvSimd: 4 rows per vector, 32 registers. Products widen to int16 (<c>smlal</c>), one product a lane, in two
/// vectors: 16 lanes add up four times as many inputs as neighbours added pairwise would.
/// </summary>
internal class NeonTarget : VectorTarget
{
    public override string Name => "Neon";

    public override string? DotInstruction => "smull|smlal";

    public override string? LookupInstruction(int count) => "tbl";

    public override string? MultiplyAddInstruction => "fmla";

    public override string? Register => "v";

    public override int Registers => 32;

    public override int PartialRegisters => 2;

    public override IReadOnlyList<string> Usings => ["System.Runtime.Intrinsics", "System.Runtime.Intrinsics.Arm"];

    protected override int Bits => 128;

    public override string Partial => "NeonSum";

    public override string IntegerScale => "Vector128<int>";

    public override bool AddsPartials => false;

    public override string TruncateToInt32(string single) => $"AdvSimd.ConvertToInt32RoundToZero({single})";

    public override IReadOnlyList<int> TileRows(TileShape shape) => shape.Planes > 1 ? [4, 2, 1] : [8, 4, 2, 1];

    public override IReadOnlyList<int> Float32TileRows => [8, 4, 2, 1];

    public override int PartialDepth(int largest) => 32767 / (127 * System.Math.Max(largest, 1));

    public override string BroadcastInt32(string pointer) => $"AdvSimd.LoadAndReplicateToVector128((int*)({pointer}))";

    public override string BroadcastPairs(string pointer) => $"{BroadcastInt32(pointer)}.AsInt16()";

    public override string BroadcastSingle(string pointer) => $"AdvSimd.LoadAndReplicateToVector128((float*)({pointer}))";

    public override string Field(string value, int from, int to, int mask)
    {
        // Shifts of bytes: no bit crosses, and what they push out needs no mask.
        int net = from - to;
        string moved = net > 0 ? $"AdvSimd.ShiftRightLogical({value}, {net})" : net < 0 ? $"AdvSimd.ShiftLeftLogical({value}, {-net})" : value;
        int left = net > 0 ? 0xFF >> net : 0xFF << -net & 0xFF;
        return mask == left ? moved : $"AdvSimd.And({moved}, Vector128.Create((byte)0x{mask:X2}))";
    }

    public override string LoadRepeated(string pointer) => $"Vector128.Load({pointer})";

    public override string Interleave(string first, string second, int half) => $"AdvSimd.Arm64.{(half == 0 ? "ZipLow" : "ZipHigh")}({first}, {second})";

    public override string InterleaveQuads(string first, string second, int half) => Zip(first, second, half, "Int32");

    public override string JoinHalves(string first, string second, int half) => Zip(first, second, half, "Int64");

    private static string Zip(string first, string second, int half, string lanes) =>
        $"AdvSimd.Arm64.{(half == 0 ? "ZipLow" : "ZipHigh")}({first}.As{lanes}(), {second}.As{lanes}()).AsByte()";

    public override string TableRows(string first, string second, int vector) => vector % 2 == 0
        ? $"AdvSimd.SignExtendWideningLower({(vector < 2 ? first : second)}.GetLower())"
        : $"AdvSimd.SignExtendWideningUpper({(vector < 2 ? first : second)})";

    protected override string Lookup16(string table, string index) => $"AdvSimd.Arm64.VectorTableLookup({table}, {index})";

    protected override bool LookupEnds16 => true;

    public override string Dot(string? partial, string weights, string activations, int? lane) => DotSigned(partial, weights, activations, lane);

    public override string DotSigned(string? partial, string weights, string activations, int? lane) =>
        $"{Support}.Dot({(partial is null ? string.Empty : $"{partial}, ")}{weights}.AsSByte(), {activations})";

    public override string Widen(string partial) => $"{Support}.Widen({partial})";

    public override string WidenTimes(string partial, int factor) => $"{Widen(partial)} * {factor}";

    public override string AddScaled(string total, string partial, string scale) => $"AdvSimd.MultiplyAdd({total}, {Widen(partial)}, {scale})";

    public override string? WidenBytes(string pointer, int each, int bytes) => (each, bytes) switch
    {
        (2, 16) => $"AdvSimd.ZeroExtendWideningLower(AdvSimd.LoadVector64({pointer}))",
        (4, 16) => $"AdvSimd.ZeroExtendWideningLower(AdvSimd.ZeroExtendWideningLower(Vector64.CreateScalar(*(uint*)({pointer})).AsByte()).GetLower())",
        _ => null,
    };

    public override string LoadPairs(string pointer, bool signed) => signed
        ? $"AdvSimd.SignExtendWideningLower(AdvSimd.LoadVector64((sbyte*)({pointer})))"
        : $"AdvSimd.ZeroExtendWideningLower(AdvSimd.LoadVector64({pointer})).AsInt16()";

    public override string ScaleOf(string pairs, int half) => half == 0 ? $"({pairs}.AsInt32() << 16 >> 16)" : $"({pairs}.AsInt32() >> 16)";

    public override string DotPairs(string a, string b) => $"{Support}.DotPairs({a}, {b})";

    public override string LoadEight(string pointer, bool signed) => LoadPairs(pointer, signed);

    public override string DotEight(string a, string b) => DotPairs(a, b);

    public override string MultiplyAdd(string a, string b, string c) => $"AdvSimd.FusedMultiplyAdd({c}, {a}, {b})";

    public override int SinglesPerLoad => 4;

    public override string MultiplyAddLane(string a, string b, int lane, string c) =>
        $"AdvSimd.Arm64.FusedMultiplyAddBySelectedScalar({c}, {a}, {b}, {lane})";

    public override string DeclareSingleTable(string name, IReadOnlyList<int> bits)
    {
        if (bits.Count > 16)
        {
            return $"float* {name} = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(bits)}]));";
        }

        int vectors = bits.Count <= 4 ? 1 : bits.Count <= 8 ? 2 : 4;
        return string.Join("\n", Enumerable.Range(0, vectors).Select(v =>
            $"Vector128<byte> {name}{v} = Vector128.Create({IntegerList.Of(Enumerable.Range(4 * v, 4).Select(i => i < bits.Count ? bits[i] : 0))}).AsByte();"));
    }

    public override string LookupSingle(string table, string index, int count) => count switch
    {
        <= 4 => $"AdvSimd.Arm64.VectorTableLookup({table}0, {BytesOf(index)}).AsSingle()",
        <= 8 => $"AdvSimd.Arm64.VectorTableLookup(({table}0, {table}1), {BytesOf(index)}).AsSingle()",
        <= 16 => $"AdvSimd.Arm64.VectorTableLookup(({table}0, {table}1, {table}2, {table}3), {BytesOf(index)}).AsSingle()",
        _ => $"{Support}.Lookup({table}, {index})",
    };

    // Printed, not called: a GEMV of long tables per input has more of these than the JIT cares to inline.
    private static string BytesOf(string index) => $"AdvSimd.MultiplyAdd(Vector128.Create(0x03020100), {index}, Vector128.Create(0x04040404)).AsByte()";

    public override string DeclareSingleTableAt(string name, string pointer, int count) => count > 16
        ? DeclareMemoryTable(name, pointer)
        : count <= 2
        ? $"Vector128<byte> {name}0 = Vector128.CreateScalarUnsafe(*(double*)({pointer})).AsByte();"
        : string.Join("\n", Enumerable.Range(0, count <= 4 ? 1 : count <= 8 ? 2 : 4).Select(v => $"Vector128<byte> {name}{v} = Vector128.Load({pointer} + {4 * v}).AsByte();"));

    public override int SingleTableRegisters => 16;

    /// <summary>The number of a number and a NaN.</summary>
    public override string AtLeast(string value, string bound) => $"AdvSimd.MaxNumber({value}, {bound})";

    public override string RoundToInt32(string single) => $"AdvSimd.ConvertToInt32RoundToEven({single})";

    public override string NarrowToBytes(string a, string b, string c, string d) => $"{Support}.NarrowToBytes({a}, {b}, {c}, {d})";

    public override string Prefetch(string pointer) => string.Empty;

    public override string SupportClass => Sums + "\n\n" + Shared;

    private const string Sums = """
        /// <summary>Sums of products of bytes in int16, one product a lane: those of rows 0 and 1, those of rows 2 and 3.</summary>
        internal readonly struct NeonSum(Vector128<short> low, Vector128<short> high)
        {
            /// <summary>Rows 0 and 1.</summary>
            public readonly Vector128<short> Low = low;

            /// <summary>Rows 2 and 3.</summary>
            public readonly Vector128<short> High = high;
        }

        /// <summary>Sums of products in int16.</summary>
        internal static unsafe partial class NeonIdioms
        {
            /// <summary>The 4 activations <paramref name="at"/> bytes from <paramref name="p"/>, in every lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<sbyte> Quad(byte* p, int at) => AdvSimd.LoadAndReplicateToVector128((int*)(p + at)).AsSByte();

            /// <summary>Products of signed bytes.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static NeonSum Dot(Vector128<sbyte> weights, Vector128<sbyte> activations) => new(
                AdvSimd.MultiplyWideningLower(weights.GetLower(), activations.GetLower()),
                AdvSimd.MultiplyWideningUpper(weights, activations));

            /// <summary>Products of signed bytes, added to a sum.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static NeonSum Dot(NeonSum sum, Vector128<sbyte> weights, Vector128<sbyte> activations) => new(
                AdvSimd.MultiplyWideningLowerAndAdd(sum.Low, weights.GetLower(), activations.GetLower()),
                AdvSimd.MultiplyWideningUpperAndAdd(sum.High, weights, activations));

            /// <summary>Each row's 4 lanes added in int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> Widen(NeonSum sum) =>
                AdvSimd.Arm64.AddPairwise(AdvSimd.AddPairwiseWidening(sum.Low), AdvSimd.AddPairwiseWidening(sum.High));
        }
        """;

    private const string Shared = """
        /// <summary>NEON idioms that take more than one instruction.</summary>
        internal static unsafe partial class NeonIdioms
        {
            /// <summary>Products of int16 pairs, the two of a pair added in int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> DotPairs(Vector128<short> a, Vector128<short> b) => AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()),
                AdvSimd.MultiplyWideningUpper(a, b));

            /// <summary>4 halves as f32, exactly; infinities and NaNs keep theirs.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> LoadHalf(ushort* p)
            {
                Vector128<int> bits = (LoadInt16((short*)p) << 13) & Vector128.Create(unchecked((int)0x8FFFE000));
                Vector128<int> special = Vector128.Equals(bits & Vector128.Create(0x0F800000), Vector128.Create(0x0F800000));
                Vector128<float> value = bits.AsSingle() * Vector128.Create(0x77800000).AsSingle();
                return value | (special & Vector128.Create(0x7F800000)).AsSingle();
            }

            /// <summary>Each of 4 bytes in 4 bytes, all ones where it has the bit of that place.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<byte> SpreadBits(byte* p, Vector128<byte> bits) => AdvSimd.CompareTest(
                AdvSimd.Arm64.VectorTableLookup(
                    Vector128.CreateScalarUnsafe(*(uint*)p).AsByte(),
                    Vector128.Create((byte)0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)),
                bits);

            /// <summary>4 bfloat16 as f32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> LoadBFloat16(ushort* p) => (AdvSimd.ZeroExtendWideningLower(AdvSimd.LoadVector64(p)) << 16).AsSingle();

            /// <summary>4 exponents E as 2^(E - 127 + exponent), exactly: two normal factors, one rounding.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> LoadExponent(byte* p, int exponent)
            {
                Vector128<int> e = LoadByte(p) + Vector128.Create(exponent + 127);
                Vector128<int> half = e >> 1;
                return (half << 23).AsSingle() * ((e - half) << 23).AsSingle();
            }

            /// <summary>As <see cref="LoadExponent"/>, 255 being NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> LoadE8M0(byte* p, int exponent) =>
                LoadExponent(p, exponent) | Vector128.Equals(LoadByte(p), Vector128.Create(255)).AsSingle();

            /// <summary>4 bytes as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> LoadByte(byte* p) => AdvSimd.ZeroExtendWideningLower(
                AdvSimd.ZeroExtendWideningLower(Vector64.CreateScalarUnsafe(*(uint*)p).AsByte()).GetLower()).AsInt32();

            /// <summary>4 signed bytes as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> LoadSByte(sbyte* p) => AdvSimd.SignExtendWideningLower(
                AdvSimd.SignExtendWideningLower(Vector64.CreateScalarUnsafe(*(uint*)p).AsSByte()).GetLower());

            /// <summary>4 int16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> LoadInt16(short* p) => AdvSimd.SignExtendWideningLower(AdvSimd.LoadVector64(p));

            /// <summary>4 uint16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> LoadUInt16(ushort* p) => AdvSimd.ZeroExtendWideningLower(AdvSimd.LoadVector64(p)).AsInt32();

            /// <summary>Int32 lanes of 0 … 255 as bytes: the low ones, twice.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<byte> NarrowToBytes(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) => AdvSimd.Arm64.UnzipEven(
                AdvSimd.Arm64.UnzipEven(a.AsInt16(), b.AsInt16()).AsByte(),
                AdvSimd.Arm64.UnzipEven(c.AsInt16(), d.AsInt16()).AsByte());

            /// <summary>Byte entries of a table of 16 * <paramref name="parts"/> entries: an index outside a part's 16 finds 0 in it.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<byte> Lookup(byte* table, Vector128<byte> index, int parts)
            {
                Vector128<byte> result = Vector128<byte>.Zero;
                for (int i = 0; i < parts; i++)
                {
                    result |= AdvSimd.Arm64.VectorTableLookup(Vector128.Load(table + (16 * i)), index - Vector128.Create((byte)(16 * i)));
                }

                return result;
            }

            /// <summary>f32 entries looked up by index in memory.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> Lookup(float* table, Vector128<int> index) =>
                Vector128.Create(table[index.GetElement(0)], table[index.GetElement(1)], table[index.GetElement(2)], table[index.GetElement(3)]);
        }
        """;
}
