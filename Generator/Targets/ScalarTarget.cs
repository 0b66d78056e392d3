using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Targets;

/// <summary>Plain C#: one row per "vector", four bytes in a <c>uint</c>. Always there, and what the others are compared with.</summary>
internal sealed class ScalarTarget : Target
{
    public override string Name => "Scalar";

    public override IReadOnlyList<string> Usings => [];

    public override int Lanes => 1;

    public override string Bytes => "uint";

    public override string Partial => "int";

    public override string Int32 => "int";

    public override string Single => "float";

    public override string Pairs => "uint";

    public override string IntegerScale => "int";

    public override int PartialDepth(int largest) => int.MaxValue / (4 * 127 * 256);

    public override string LoadBytes(string pointer) => $"*(uint*)({pointer})";

    public override string StoreBytes(string pointer, string value) => $"*(uint*)({pointer}) = {value};";

    public override string SpreadRows(string pointer) => $"*({pointer}) * 0x01010101u";

    public override string Activations => "uint";

    public override string AsActivations(string bytes) => bytes;

    public override string Field(string value, int from, int to, int mask)
    {
        int net = from - to;
        string moved = net > 0 ? $"({value} >> {net})" : net < 0 ? $"({value} << {-net})" : value;
        return mask == 0xFF ? moved : $"{moved} & 0x{mask:X2}{mask:X2}{mask:X2}{mask:X2}u";
    }

    public override string Or(string a, string b) => $"({a}) | ({b})";

    /// <summary>16 entries are two words: no memory, no bounds check; longer tables are bytes of the image.</summary>
    public override string DeclareTable(string name, IReadOnlyList<int> entries)
    {
        if (entries.Count > 16)
        {
            return $"byte* {name} = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.OfBytes(entries.Select(e => e & 0xFF))}]));";
        }

        string Word(int first) => $"0x{string.Concat(Enumerable.Range(0, 8).Select(i => first + 7 - i < entries.Count ? (entries[first + 7 - i] & 0xFF).ToString("X2", CultureInfo.InvariantCulture) : "00"))}UL";
        return $"ulong {name}Low = {Word(0)};\nulong {name}High = {Word(8)};";
    }

    public override string DeclareTableAt(string name, string pointer, bool repeated) => $"ulong {name}Low = *(ulong*)({pointer});\nulong {name}High = *(ulong*)({pointer} + 8);";

    public override string Lookup(string table, string index, int count) =>
        count > 16 ? $"{Support}.Lookup({table}, {index})" : $"{Support}.Lookup({table}Low, {table}High, {index})";

    public override string Dot(string? partial, string weights, string activations, int? lane) =>
        Accumulate(partial, $"{Support}.Dot({weights}, {activations})");

    public override string DotSigned(string? partial, string weights, string activations, int? lane) =>
        Accumulate(partial, $"{Support}.DotSigned({weights}, {activations})");

    public override string Widen(string partial) => partial;

    public override string WidenTimes(string partial, int factor) => $"{partial} * {factor}";

    public override string AddScaled(string total, string partial, string scale) => $"{total} + ({partial} * {scale})";

    public override string TableSum => "long";

    public override string LookupAt(string pointer, string index) => $"ScalarIdioms.Lookup({pointer}, {index})";

    public override string AddEntries(string sum, string lower, string upper, int half) =>
        half == 0 ? $"ScalarIdioms.AddEntries({sum}, {lower}, {upper})" : $"ScalarIdioms.AddEntries({sum}, {lower} >> 16, {upper} >> 16)";

    public override string TableRows(string first, string second, int vector) =>
        vector % 2 == 0 ? $"(int){(vector < 2 ? first : second)}" : $"(int)({(vector < 2 ? first : second)} >> 32)";

    public override string SpreadBits(string pointer, int half, int one) =>
        $"((((uint)*({pointer}) >> {4 * half}) & 0xF) * 0x00204081u & 0x01010101u) * {one}u";

    public override string BroadcastInt32(string pointer) => $"*(int*)({pointer})";

    public override string LoadInt32(string pointer) => $"*(int*)({pointer})";

    public override string StoreInt32(string pointer, string value) => $"*(int*)({pointer}) = {value};";

    public override string AddInt32(string a, string b) => $"{a} + {b}";

    public override string SubtractInt32(string a, string b) => $"{a} - {b}";

    public override string MultiplyInt32(string a, string b) => $"{a} * {b}";

    public override string ConstantInt32(int value) => value < 0 ? $"({value})" : $"{value}";

    public override string LoadPairs(string pointer, bool signed) =>
        signed ? $"{Support}.Pair((sbyte)({pointer})[0], (sbyte)({pointer})[1])" : $"{Support}.Pair(({pointer})[0], ({pointer})[1])";

    public override string LoadPowersOfTwo(string pointer) => $"BitConverter.Int32BitsToSingle(*({pointer}) << 23)";

    public override string NibblesOfPairs(string pairs, int bit) => bit == 0 ? $"{pairs} & 0x000F000F" : $"({pairs} >> {bit}) & 0x000F000F";

    public override string StorePairs(string pointer, string pairs) => $"*(uint*)({pointer}) = {pairs};";

    public override string ReloadPairs(string pointer) => $"*(uint*)({pointer})";

    public override string ScaleOf(string pairs, int half) => half == 0 ? $"(short){pairs}" : $"((int){pairs} >> 16)";

    public override string HalfOf(string pairs, int half) => ScaleOf(pairs, half);

    public override string BroadcastPairs(string pointer) => $"*(uint*)({pointer})";

    public override string DotPairs(string a, string b) => $"{Support}.DotPairs({a}, {b})";

    public override string ZeroSingle => "0f";

    public override string LoadSingle(string pointer) => $"*(float*)({pointer})";

    public override string StoreSingle(string pointer, string value) => $"*(float*)({pointer}) = {value};";

    public override string BroadcastSingle(string pointer) => $"*(float*)({pointer})";

    public override string SplatSingle(string scalar) => scalar;

    public override string ToSingle(string int32) => $"(float)({int32})";

    public override string Multiply(string a, string b) => $"{a} * {b}";

    public override string Add(string a, string b) => $"{a} + {b}";

    public override string Subtract(string a, string b) => $"{a} - {b}";

    public override string MultiplyAdd(string a, string b, string c) => $"({a} * {b}) + {c}";

    public override string Negate(string value) => $"-({value})";

    public override string LoadStored(StoredType type, string pointer, int exponent) => type.Class switch
    {
        StoredClass.Float32 => LoadSingle(pointer),
        StoredClass.Float16 => $"{Support}.Half(*(ushort*)({pointer}))",
        StoredClass.BFloat16 => $"{Support}.BFloat16(*(ushort*)({pointer}))",
        StoredClass.E8M0 => $"{Support}.E8M0(*({pointer}), {exponent})",
        StoredClass.Exponent8 => $"{Support}.Exponent(*({pointer}), {exponent})",
        _ => ToSingle(LoadStoredInt32(type, pointer)),
    };

    public override string LoadStoredInt32(StoredType type, string pointer) => (type.Class, type.Bits) switch
    {
        (StoredClass.Signed, > 8) => $"*(short*)({pointer})",
        (StoredClass.Signed, 8) => $"*(sbyte*)({pointer})",
        (StoredClass.Signed, _) => $"(*({pointer}) << {32 - type.Bits} >> {32 - type.Bits})",
        (_, > 8) => $"*(ushort*)({pointer})",
        _ => $"*({pointer})",
    };

    public override string ByteOf(string quads, int index, bool signed) =>
        signed ? $"(sbyte)({quads} >> {8 * index})" : $"(byte)({quads} >> {8 * index})";

    public override string DeclareSingleTable(string name, IReadOnlyList<int> bits) => $"int* {name} = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(bits)}]));";

    public override string LookupSingle(string table, string index, int count) => $"BitConverter.Int32BitsToSingle({table}[{index}])";

    public override string DeclareMemoryTable(string name, string pointer) => $"int* {name} = (int*)({pointer});";

    public override string LaneIndices => "0";

    public override string Prefetch(string pointer) => string.Empty;

    public override bool HasRowVectors => false;

    public override int RowBytes => 1;

    public override string LoadCodes(string pointer) => $"*({pointer})";

    public override string Divide(string a, string b) => $"{a} / {b}";

    public override string Abs(string single) => $"Math.Abs({single})";

    public override string LargerOf(string a, string b) => AtLeast(a, b);

    public override string SmallerOf(string a, string b) => AtMost(a, b);

    public override string LargestLane(string single) => single;

    public override string SmallestLane(string single) => single;

    public override string AtLeast(string value, string bound) => $"({value} > {bound} ? {value} : {bound})";

    public override string AtMost(string value, string bound) => $"({value} < {bound} ? {value} : {bound})";

    public override string GreaterThan(string a, string b) => $"({a} > {b} ? -1 : 0)";

    public override string CopySign(int bits, string sign) =>
        $"BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits({sign}) & 0x80000000) | 0x{bits:X8})";

    public override string RoundSingle(string single) => $"MathF.Round({single})";

    public override string TruncateSingle(string single) => $"MathF.Truncate({single})";

    public override string RoundToInt32(string single) => $"(int)MathF.Round({single})";

    public override string TruncateToInt32(string single) => $"(int){single}";

    public override string NarrowToBytes(string a, string b, string c, string d) =>
        $"(uint)({a}) | ((uint)({b}) << 8) | ((uint)({c}) << 16) | ((uint)({d}) << 24)";

    public override string SumLanes(string single) => single;

    private static string Accumulate(string? partial, string dot) => partial is null ? dot : $"{partial} + {dot}";

    public override string SupportClass => """
        /// <summary>Idioms of plain C#.</summary>
        internal static unsafe class ScalarIdioms
        {
            /// <summary>The 4 activations <paramref name="at"/> bytes from <paramref name="p"/>, in every lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint Quad(byte* p, int at) => *(uint*)(p + at);

            /// <summary>Sum of 4 products of unsigned and signed bytes.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int Dot(uint weights, uint activations) =>
                ((byte)weights * (sbyte)activations) + ((byte)(weights >> 8) * (sbyte)(activations >> 8))
                + ((byte)(weights >> 16) * (sbyte)(activations >> 16)) + ((byte)(weights >> 24) * (sbyte)(activations >> 24));

            /// <summary>Sum of 4 products of signed bytes.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int DotSigned(uint weights, uint activations) =>
                ((sbyte)weights * (sbyte)activations) + ((sbyte)(weights >> 8) * (sbyte)(activations >> 8))
                + ((sbyte)(weights >> 16) * (sbyte)(activations >> 16)) + ((sbyte)(weights >> 24) * (sbyte)(activations >> 24));

            /// <summary>Table entries of 4 index bytes.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint Lookup(byte* table, uint index) =>
                table[(byte)index] | ((uint)table[(byte)(index >> 8)] << 8) | ((uint)table[(byte)(index >> 16)] << 16) | ((uint)table[(byte)(index >> 24)] << 24);

            /// <summary>Entries of a 16-entry table in two words.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint Lookup(ulong low, ulong high, uint index) =>
                Entry(low, high, index) | (Entry(low, high, index >> 8) << 8) | (Entry(low, high, index >> 16) << 16) | (Entry(low, high, index >> 24) << 24);

            /// <summary>The entry of the index in the low 4 bits.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint Entry(ulong low, ulong high, uint index) => (byte)(((index & 8) == 0 ? low : high) >> (int)(8 * (index & 7)));

            /// <summary>The int16 of two rows' low and high bytes, added to their sums: row 0 in the low word.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static long AddEntries(long sums, uint lower, uint upper) =>
                ((long)((int)(sums >> 32) + (short)((lower >> 8 & 0xFF) | (upper & 0xFF00))) << 32) | (uint)((int)sums + (short)((lower & 0xFF) | (upper << 8 & 0xFF00)));

            /// <summary>Two int16 in one word.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint Pair(int first, int second) => (ushort)first | ((uint)second << 16);

            /// <summary>Sum of the two products of int16.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int DotPairs(uint a, uint b) => ((short)a * (short)b) + (((int)a >> 16) * ((int)b >> 16));

            /// <summary>
            /// An IEEE half as f32, exactly: the runtime's conversion is a call. A subnormal one is short of 2^-14 by as much as the number with the same mantissa is above it; to multiply
            /// it as a subnormal f32 would take as long as a hundred instructions. Infinities and NaNs keep their bits. One comparison tells the other numbers, nearly all there are, from these.
            /// </summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float Half(ushort bits)
            {
                int magnitude = (bits & 0x7FFF) << 13;
                int value = (uint)(magnitude - 0x00800000) < 0x0F000000u ? magnitude + 0x38000000
                    : magnitude > 0x00800000 ? magnitude + 0x70000000
                    : BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle(magnitude + 0x38800000) - BitConverter.Int32BitsToSingle(0x38800000));
                return BitConverter.Int32BitsToSingle(value | ((bits & 0x8000) << 16));
            }

            /// <summary>Zeroes bytes.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static void Clear(byte* bytes, long count)
            {
                for (; count >= 8; count -= 8, bytes += 8)
                {
                    *(ulong*)bytes = 0;
                }

                for (; count > 0; count--)
                {
                    *bytes++ = 0;
                }
            }

            /// <summary>8 codes of a sign bit above magnitudes to two's complement plus a bias, all bytes modulo 256.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static ulong SignMagnitude(ulong codes, ulong magnitudes, int signBit, ulong bias)
            {
                ulong negative = (codes >> signBit) & 0x0101010101010101UL;
                return AddBytes(AddBytes((codes & magnitudes) ^ ((negative << 8) - negative), negative), bias);
            }

            /// <summary>Sums of bytes modulo 256.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static ulong AddBytes(ulong a, ulong b) =>
                ((a & 0x7F7F7F7F7F7F7F7FUL) + (b & 0x7F7F7F7F7F7F7F7FUL)) ^ ((a ^ b) & 0x8080808080808080UL);

            /// <summary>Copies the few bytes of a short block.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static void Copy(byte* to, byte* from, long count)
            {
                for (; count > 0; count--)
                {
                    *to++ = *from++;
                }
            }

            /// <summary>A bfloat16 as f32.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float BFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

            /// <summary>2^(E - 127 + exponent), exactly: two normal factors, one rounding.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float Exponent(int e, int exponent)
            {
                int sum = e + exponent + 127;
                int half = sum >> 1;
                return BitConverter.Int32BitsToSingle(half << 23) * BitConverter.Int32BitsToSingle((sum - half) << 23);
            }

            /// <summary>As <see cref="Exponent"/>, 255 being NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float E8M0(int e, int exponent) => e == 255 ? float.NaN : Exponent(e, exponent);
        }
        """;
}
