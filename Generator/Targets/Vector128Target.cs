using System.Collections.Generic;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Targets;

/// <summary>Portable 128-bit vectors: 4 rows per vector, no instruction-set class, so that WebAssembly and any CPU can run it.</summary>
internal sealed class Vector128Target : VectorTarget
{
    public override string Name => "Vector128";

    public override IReadOnlyList<string> Usings => ["System.Runtime.Intrinsics"];

    protected override int Bits => 128;

    public override string IntegerScale => "Vector128<int>";

    protected override string Lookup16(string table, string index) => $"Vector128.Shuffle({table}, {index})";

    protected override bool LookupEnds16 => true;

    public override string LoadRepeated(string pointer) => $"Vector128.Load({pointer})";

    public override string Interleave(string first, string second, int half)
    {
        string widen = half == 0 ? "Vector128.WidenLower" : "Vector128.WidenUpper";
        return $"({widen}({first}) | ({widen}({second}) << 8))";
    }

    public override string InterleaveQuads(string first, string second, int half) => $"{Support}.InterleaveQuads{half}({first}.AsInt32(), {second}.AsInt32())";

    public override string JoinHalves(string first, string second, int half) =>
        $"Vector128.Create({first}.Get{(half == 0 ? "Lower" : "Upper")}(), {second}.Get{(half == 0 ? "Lower" : "Upper")}())";

    public override string TableRows(string first, string second, int vector) =>
        $"Vector128.Widen{(vector % 2 == 0 ? "Lower" : "Upper")}({(vector < 2 ? first : second)})";

    /// <summary>
    /// Where segments are short, their float steps and the products' methods make six rows too much for what the JIT inlines into one
    /// kernel.
    /// </summary>
    public override IReadOnlyList<int> TileRows(TileShape shape) =>
        shape is { Integer: false, QuadsPerSegment: <= 2, SegmentsPerGroup: > 1 } ? [4, 2, 1] : base.TileRows(shape);

    /// <summary>Of so many portable methods the JIT for Arm does not inline the last ones.</summary>
    public override bool DecodesInRegisters => false;

    /// <summary>The conversion that saturates is the one compiled to instructions ahead of time too.</summary>
    public override string TruncateToInt32(string single) => $"Vector128.ConvertToInt32({single})";

    public override string Activations => Pairs;

    public override string AsActivations(string bytes) => $"{bytes}.AsInt16()";

    public override string Dot(string? partial, string weights, string activations, int? lane) =>
        Accumulate(partial, $"{Support}.Dot({weights}, {activations})");

    public override string DotSigned(string? partial, string weights, string activations, int? lane) =>
        Accumulate(partial, $"{Support}.DotSigned({weights}.AsInt16(), {activations})");

    public override string Widen(string partial) => $"{Support}.Widen({partial})";

    public override string WidenTimes(string partial, int factor) => $"{Support}.Widen({partial}) * {factor}";

    public override string AddScaled(string total, string partial, string scale) => $"{total} + ({Support}.Widen({partial}) * {scale})";

    public override string LoadPairs(string pointer, bool signed) => LoadEight(pointer, signed);

    public override string ScaleOf(string pairs, int half) => half == 0 ? $"({pairs}.AsInt32() << 16 >> 16)" : $"({pairs}.AsInt32() >> 16)";

    public override string DotPairs(string a, string b) => $"{Support}.DotPairs({a}, {b})";

    public override string DotEight(string a, string b) => DotPairs(a, b);

    public override string MultiplyAdd(string a, string b, string c) => $"Vector128.MultiplyAddEstimate({a}, {b}, {c})";

    public override string DeclareSingleTable(string name, IReadOnlyList<int> bits) =>
        $"float* {name} = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(bits)}]));";

    public override string LookupSingle(string table, string index, int count) => $"{Support}.Lookup({table}, {index})";

    public override string Prefetch(string pointer) => string.Empty;

    public override string SupportClass => """
        /// <summary>Portable 128-bit idioms that take more than one operation.</summary>
        internal static unsafe class Vector128Idioms
        {
            /// <summary>The 4 activations <paramref name="at"/> bytes from <paramref name="p"/>, in every lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<short> Quad(byte* p, int at) => Vector128.Create(*(int*)(p + at)).AsInt16();

            /// <summary>u8 x s8 products, neighbours added, in int16: bytes 0 and 2 of each quad in the even terms, 1 and 3 in the odd ones.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<short> Dot(Vector128<byte> weights, Vector128<short> activations) =>
                ((weights.AsInt16() & Vector128.Create((short)0xFF)) * (activations << 8 >> 8)) + ((weights.AsUInt16() >>> 8).AsInt16() * (activations >> 8));

            /// <summary>s8 x s8 products, neighbours added, in int16.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<short> DotSigned(Vector128<short> weights, Vector128<short> activations) =>
                ((weights << 8 >> 8) * (activations << 8 >> 8)) + ((weights >> 8) * (activations >> 8));

            /// <summary>Neighbouring int16 added in int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> Widen(Vector128<short> partial) => (partial.AsInt32() << 16 >> 16) + (partial.AsInt32() >> 16);

            /// <summary>Products of int16 pairs, the two of a pair added in int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> DotPairs(Vector128<short> a, Vector128<short> b) =>
                ((a.AsInt32() << 16 >> 16) * (b.AsInt32() << 16 >> 16)) + ((a.AsInt32() >> 16) * (b.AsInt32() >> 16));

            /// <summary>
            /// 4 halves as f32, exactly. With the exponent rebased to be one too large, a normal half is half of the number and a subnormal one 2^-14 less;
            /// the lesser of the two is right for both, and no operand is a subnormal f32, which multiplications would stumble over. Infinities and NaNs keep theirs.
            /// </summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> LoadHalf(ushort* p)
            {
                Vector128<int> bits = LoadInt16((short*)p) << 13;
                Vector128<int> magnitude = bits & Vector128.Create(0x0FFFE000);
                Vector128<float> twice = (magnitude + Vector128.Create(0x38800000)).AsSingle();
                Vector128<float> value = Vector128.MinNative(twice * Vector128.Create(0.5f), twice - Vector128.Create(0x38800000).AsSingle());
                Vector128<int> special = Vector128.GreaterThan(magnitude, Vector128.Create(0x0F7FFFFF)) & Vector128.Create(0x7F800000);
                return value | (special | (bits & Vector128.Create(int.MinValue))).AsSingle();
            }

            /// <summary>The first two 32-bit lanes, each followed by that of the other vector.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<byte> InterleaveQuads0(Vector128<int> first, Vector128<int> second) => Vector128.ConditionalSelect(
                Vector128.Create(-1, 0, -1, 0),
                Vector128.Shuffle(first, Vector128.Create(0, 0, 1, 1)),
                Vector128.Shuffle(second, Vector128.Create(0, 0, 1, 1))).AsByte();

            /// <summary>The last two 32-bit lanes, each followed by that of the other vector.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<byte> InterleaveQuads1(Vector128<int> first, Vector128<int> second) => Vector128.ConditionalSelect(
                Vector128.Create(-1, 0, -1, 0),
                Vector128.Shuffle(first, Vector128.Create(2, 2, 3, 3)),
                Vector128.Shuffle(second, Vector128.Create(2, 2, 3, 3))).AsByte();

            /// <summary>Each of 4 bytes in 4 bytes, all ones where it has the bit of that place.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<byte> SpreadBits(byte* p, Vector128<byte> bits) => Vector128.Equals(
                Vector128.Shuffle(Vector128.CreateScalar(*(uint*)p).AsByte(), Vector128.Create((byte)0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)) & bits, bits);

            /// <summary>4 bfloat16 as f32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> LoadBFloat16(ushort* p) => (LoadUInt16(p) << 16).AsSingle();

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
            public static Vector128<int> LoadByte(byte* p) =>
                Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)p).AsByte())).AsInt32();

            /// <summary>4 signed bytes as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> LoadSByte(sbyte* p) =>
                Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)p).AsSByte()));

            /// <summary>4 int16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> LoadInt16(short* p) => Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)p).AsInt16());

            /// <summary>4 uint16 as int32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<int> LoadUInt16(ushort* p) => Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)p).AsUInt16()).AsInt32();

            /// <summary>f32 entries looked up by index.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<float> Lookup(float* table, Vector128<int> index) =>
                Vector128.Create(table[index.GetElement(0)], table[index.GetElement(1)], table[index.GetElement(2)], table[index.GetElement(3)]);

            /// <summary>Byte entries of a table of 16 * <paramref name="parts"/> entries: each part answers for the indices whose high nibble is its own.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static Vector128<byte> Lookup(byte* table, Vector128<byte> index, int parts)
            {
                Vector128<byte> result = Vector128<byte>.Zero;
                for (int i = 0; i < parts; i++)
                {
                    Vector128<byte> mine = Vector128.Equals(index & Vector128.Create((byte)0xF0), Vector128.Create((byte)(16 * i)));
                    result |= mine & Vector128.Shuffle(Vector128.Load(table + (16 * i)), index & Vector128.Create((byte)15));
                }

                return result;
            }
        }
        """;
}
