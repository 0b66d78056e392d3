using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Targets;

/// <summary>What every target over <c>Vector128/256/512&lt;T&gt;</c> prints alike: the operators those types define.</summary>
internal abstract class VectorTarget : Target
{
    /// <summary>Two lanes of 32 bits: what two parts of 128 bits have that are no vectors by themselves.</summary>
    private const int PairBits = 64;

    /// <summary>Bits of a vector.</summary>
    protected abstract int Bits { get; }

    /// <summary>Bits of a vector of bytes, where those are not whole vectors.</summary>
    protected virtual int ByteBits => Bits;

    /// <summary>"Vector256", say.</summary>
    protected string Vector => "Vector" + Bits;

    /// <summary>The same of bytes.</summary>
    private string ByteVector => "Vector" + ByteBits;

    public override int Lanes => Bits / 32;

    public override string Bytes => ByteVector + "<byte>";

    public override string Partial => Vector + "<short>";

    public override string Int32 => Vector + "<int>";

    public override string Single => Vector + "<float>";

    public override string Pairs => Vector + "<short>";

    public override bool HasRowVectors => true;

    public override int RowBytes => ByteBits / 8;

    /// <summary>int16 sums of two products: what is left of 32767 after each takes 2 * largest * 127.</summary>
    public override int PartialDepth(int largest) => 32767 / (2 * 127 * System.Math.Max(largest, 1));

    public override string LoadBytes(string pointer) => $"{ByteVector}.Load({pointer})";

    public override string StoreBytes(string pointer, string value) => $"{value}.Store({pointer});";

    public override string SpreadRows(string pointer)
    {
        // Of rows in every 128 bits that shuffles are confined to.
        string rows = Bits switch
        {
            128 => $"Vector128.CreateScalar(*(uint*)({pointer})).AsByte()",
            256 => $"Vector256.Create(*(ulong*)({pointer})).AsByte()",
            _ => LoadRepeated(pointer),
        };
        return Lookup16(rows, $"{Vector}.Create((byte){IntegerList.Of(Enumerable.Range(0, Bits / 8).Select(static i => i / 4))})");
    }

    public override string Activations => ByteVector + "<sbyte>";

    public override string AsActivations(string bytes) => $"{bytes}.AsSByte()";

    public override string Field(string value, int from, int to, int mask)
    {
        // Shifts of 16-bit lanes; the mask removes what crossed from the neighbouring byte.
        int net = from - to;
        string moved = net > 0 ? $"({value}.AsUInt16() >>> {net}).AsByte()" : net < 0 ? $"({value}.AsUInt16() << {-net}).AsByte()" : value;
        return mask == 0xFF ? moved : $"{moved} & {ByteVector}.Create((byte)0x{mask:X2})";
    }

    public override string Or(string a, string b) => $"({a}) | ({b})";

    /// <summary>Shuffled and shifted, by one count where all are the same.</summary>
    protected string Shifted(string shuffled, IReadOnlyList<int> shifts, string variable) =>
        shifts.Distinct().Count() > 1 ? $"{variable}({shuffled}.AsUInt32(), {Vector}.Create({string.Join(", ", shifts.Select(static s => s + "u"))})).AsInt32()"
        : shifts[0] == 0 ? $"{shuffled}.AsInt32()"
        : $"({shuffled}.AsInt32() << {shifts[0]})";

    /// <summary>Every 128 bits shifted right by their own count, by the method that shifts 32-bit lanes.</summary>
    protected string ShiftedWindows(string bytes, IReadOnlyList<int> shifts, string variable) =>
        $"{variable}({bytes}.AsUInt32(), {Vector}.Create({string.Join(", ", shifts.SelectMany(static s => Enumerable.Repeat(s + "u", 4)))})).AsByte()";

    /// <summary>16 entries stay in a register, repeated in every 128-bit lane; longer tables are read 16 entries at a time.</summary>
    public override string DeclareTable(string name, IReadOnlyList<int> entries)
    {
        int length = (entries.Count + 15) / 16 * 16;
        IEnumerable<int> padded = Enumerable.Range(0, length).Select(i => i < entries.Count ? entries[i] & 0xFF : 0);
        return length > 16
            ? $"byte* {name} = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.OfBytes(padded)}]));"
            : $"{Bytes} {name} = {ByteVector}.Create((byte){IntegerList.Of(Enumerable.Repeat(padded, ByteBits / 128).SelectMany(e => e))});";
    }

    public override string Lookup(string table, string index, int count) =>
        count > 16 ? $"{Support}.Lookup({table}, {index}, {(count + 15) / 16})" : Lookup16(table, index);

    /// <summary>The entries of a 16-entry table for index bytes 0…15.</summary>
    protected abstract string Lookup16(string table, string index);

    public override string PairInputs(string quads)
    {
        const string Order = "0x0D0C090805040100UL, 0x0F0E0B0A07060302UL";
        return Lookup16(quads, $"{Vector}.Create({string.Join(", ", Enumerable.Repeat(Order, Bits / 128))}).AsByte()");
    }

    /// <summary>As <c>pshufb</c> has it; a lookup that gives nothing for all indices from 16 on is asked without the bits between.</summary>
    public override string LookupBelow128(string table, string index) =>
        Lookup16(table, LookupEnds16 ? $"{index} & {Vector}.Create((byte)0x8F)" : index);

    /// <summary>Whether <see cref="Lookup16"/> gives nothing for indices from 16 on, not from 128 on.</summary>
    protected virtual bool LookupEnds16 => false;

    public override string ConstantByte(int value) => $"{ByteVector}.Create((byte){value})";

    public override string ConstantInt16(int value) => value < 0 ? $"{Vector}.Create((ushort)0x{(ushort)value:X4}).AsInt16()" : $"{Vector}.Create((short){value})";

    public override string TableSum => Vector + "<short>";

    public override string AddEntries(string sum, string lower, string upper, int half) => $"{sum} + {Interleave(lower, upper, half)}.AsInt16()";

    public override string LookupAt(string pointer, string index) => Lookup16(LoadRepeated(pointer), index);

    public override string DeclareTableAt(string name, string pointer, bool repeated) => $"{Bytes} {name} = {(repeated ? LoadRepeated(pointer) : LoadBytes(pointer))};";

    public override string SpreadBits(string pointer, int half, int one) =>
        $"{Support}.SpreadBits({pointer}, {Vector}.Create(0x{(half == 0 ? "08040201" : "80402010")}u).AsByte()) & {Vector}.Create((byte){one})";

    public override string BroadcastInt32(string pointer) => $"{Vector}.Create(*(int*)({pointer}))";

    public override string LoadInt32(string pointer) => $"{Vector}.Load((int*)({pointer}))";

    public override string StoreInt32(string pointer, string value) => $"{value}.Store((int*)({pointer}));";

    public override string AddInt32(string a, string b) => $"{a} + {b}";

    public override string SubtractInt32(string a, string b) => $"{a} - {b}";

    public override string MultiplyInt32(string a, string b) => $"{a} * {b}";

    public override string LaneIndices => $"{Vector}<int>.Indices";

    /// <summary>Numbers of more than 16 bits are patterns, which hexadecimal digits show.</summary>
    public override string ConstantInt32(int value) => $"{Vector}.Create({(value == int.MinValue ? "int.MinValue" : value > ushort.MaxValue ? $"0x{value:X8}" : $"{value}")})";

    public override string? WidenBytes(string pointer, int each, int bytes) => (each, bytes) switch
    {
        (2, 16) => $"Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)({pointer})).AsByte())",
        (4, 16) => $"Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)({pointer})).AsByte()))",
        _ => null,
    };

    public override string LoadPowersOfTwo(string pointer) => $"({Support}.LoadByte({pointer}) << 23).AsSingle()";

    public override string NibblesOfPairs(string pairs, int bit) => bit == 0 ? $"{pairs} & {ConstantInt16(15)}" : $"{pairs} >>> {bit}";

    public override string StorePairs(string pointer, string pairs) => $"{pairs}.Store((short*)({pointer}));";

    public override string ReloadPairs(string pointer) => $"{Vector}.Load((short*)({pointer}))";

    public override string HalfOf(string pairs, int half) => half == 0 ? $"{pairs}.AsInt32() << 16 >> 16" : $"{pairs}.AsInt32() >> 16";

    public override PreparedOperand SpreadScales(string eight) => new(string.Empty, "Vector128<short>", eight);

    public override string ScalesOf(string spread, IReadOnlyList<int> elements) =>
        Halves(Bits, [.. elements.Select(element => $"Vector{Bits / elements.Count}.Create((int){spread}.GetElement({element}))")]);

    /// <summary>Of eight int16 that every 128 bits repeat, in each of these so many bytes a lane: <paramref name="bytes"/> of the element in its high bytes, zero below.</summary>
    protected string ShuffledScales(string shuffle, string spread, IReadOnlyList<int> elements, int bytes)
    {
        IEnumerable<string> words = Enumerable.Range(0, Bits / 64).Select(word =>
        {
            int element = elements[word * elements.Count / (Bits / 64)];
            string lane = bytes == 2 ? $"{(2 * element) + 1:X2}{2 * element:X2}" : $"{(2 * element) + 1:X2}{2 * element:X2}FFFF";
            return $"0x{string.Concat(Enumerable.Repeat(lane, 8 / bytes))}UL";
        });
        return $"{shuffle}({spread}.AsByte(), {Vector}.Create({string.Join(", ", words)}).AsByte())";
    }

    public override string BroadcastPairs(string pointer) => $"{Vector}.Create(*(int*)({pointer})).AsInt16()";

    public override string ZeroSingle => $"{Vector}<float>.Zero";

    public override string LoadSingle(string pointer) => $"{Vector}.Load((float*)({pointer}))";

    public override string StoreSingle(string pointer, string value) => $"{value}.Store((float*)({pointer}));";

    public override string BroadcastSingle(string pointer) => $"{Vector}.Create(*(float*)({pointer}))";

    public override string SplatSingle(string scalar) => $"{Vector}.Create({scalar})";

    public override string ToSingle(string int32) => $"{Vector}.ConvertToSingle({int32})";

    public override string Multiply(string a, string b) => $"{a} * {b}";

    public override string Add(string a, string b) => $"{a} + {b}";

    public override string Subtract(string a, string b) => $"{a} - {b}";

    public override string Negate(string value) => $"-({value})";

    public override string LoadStored(StoredType type, string pointer, int exponent) => type.Class switch
    {
        StoredClass.Float32 => LoadSingle(pointer),
        StoredClass.Float16 => $"{Support}.LoadHalf((ushort*)({pointer}))",
        StoredClass.BFloat16 => $"{Support}.LoadBFloat16((ushort*)({pointer}))",
        StoredClass.E8M0 => $"{Support}.LoadE8M0({pointer}, {exponent})",
        StoredClass.Exponent8 => $"{Support}.LoadExponent({pointer}, {exponent})",
        _ => ToSingle(LoadStoredInt32(type, pointer)),
    };

    public override string LoadStoredInt32(StoredType type, string pointer) => (type.Class, type.Bits) switch
    {
        (StoredClass.Signed, > 8) => $"{Support}.LoadInt16((short*)({pointer}))",
        (StoredClass.Signed, 8) => $"{Support}.LoadSByte((sbyte*)({pointer}))",
        (StoredClass.Signed, _) => $"{Support}.LoadSByte((sbyte*)({pointer})) << {32 - type.Bits} >> {32 - type.Bits}",
        (_, > 8) => $"{Support}.LoadUInt16((ushort*)({pointer}))",
        _ => $"{Support}.LoadByte({pointer})",
    };

    public override string ByteOf(string quads, int index, bool signed) => (index, signed) switch
    {
        (3, true) => $"{quads}.AsInt32() >> 24",
        (3, false) => $"{quads}.AsInt32() >>> 24",
        (_, true) => $"{quads}.AsInt32() << {24 - (8 * index)} >> 24",
        (0, false) => $"{quads}.AsInt32() & {Vector}.Create(0xFF)",
        _ => $"({quads}.AsInt32() >>> {8 * index}) & {Vector}.Create(0xFF)",
    };

    public override string LoadCodes(string pointer) => $"{Support}.LoadByte({pointer})";

    public override string Divide(string a, string b) => $"{a} / {b}";

    public override string Abs(string single) => $"{Vector}.Abs({single})";

    public override string LargerOf(string a, string b) => $"{Vector}.MaxNative({a}, {b})";

    public override string SmallerOf(string a, string b) => $"{Vector}.MinNative({a}, {b})";

    public override string LargestLane(string single) => $"{RowSupport}.LargestLane({single})";

    public override string SmallestLane(string single) => $"{RowSupport}.SmallestLane({single})";

    public override string AtLeast(string value, string bound) => $"{RowSupport}.AtLeast({value}, {bound})";

    public override string AtMost(string value, string bound) => $"{Vector}.MinNative({value}, {bound})";

    public override string GreaterThan(string a, string b) => $"{Vector}.GreaterThan({a}, {b}).AsInt32()";

    public override string CopySign(int bits, string sign) =>
        $"(({sign} & {Vector}.Create(0x80000000).AsSingle()) | {Vector}.Create(0x{bits:X8}).AsSingle())";

    public override string RoundSingle(string single) => $"{Vector}.Round({single})";

    public override string TruncateSingle(string single) => $"{Vector}.Truncate({single})";

    /// <summary>Added to 1.5 * 2^23, a number has its nearest integer in the low bits.</summary>
    public override string RoundToInt32(string single) => $"({single} + {Vector}.Create(12582912f)).AsInt32() - {Vector}.Create(0x4B400000)";

    public override string NarrowToBytes(string a, string b, string c, string d) =>
        $"{Vector}.Narrow({Vector}.Narrow({a}, {b}), {Vector}.Narrow({c}, {d})).AsByte()";

    public override string RowSupportClass => RowIdioms.Text(Bits, RowSupport, Prefetch);

    public override string SumLanes(string single) => $"{Vector}.Sum({single})";

    public override string FirstLaneInt32(string value) => $"{Vector}.CreateScalar({value})";

    public override string FirstLanesSingle(IReadOnlyList<string> values) => Bits / values.Count == PairBits
        ? Halves(Bits, [.. Paired(values, static (low, high) => $"Vector128.Create({low}, 0f, {high}, 0f)")])
        : Halves(Bits, [.. values.Select(value => $"Vector{Bits / values.Count}.CreateScalar({value})")]);

    public override string JoinParts(IReadOnlyList<string> singles) => Bits / singles.Count == PairBits
        ? Halves(Bits, [.. Paired([.. singles.Select(single => single + Lower(Bits / 128))], static (low, high) => $"Vector128.ConditionalSelect(Vector128.Create(-1, -1, 0, 0).AsSingle(), {low}, {high})")])
        : Halves(Bits, [.. singles.Select(single => single + Lower(singles.Count))]);

    private static string Lower(int parts) => string.Concat(Enumerable.Repeat(".GetLower()", parts / 2));

    private static IEnumerable<string> Paired(IReadOnlyList<string> parts, Func<string, string, string> join) =>
        Enumerable.Range(0, parts.Count / 2).Select(i => join(parts[2 * i], parts[(2 * i) + 1]));

    /// <summary>A vector of equal parts, one, two or four.</summary>
    private static string Halves(int bits, IReadOnlyList<string> parts) => parts.Count == 1
        ? parts[0]
        : $"Vector{bits}.Create({Halves(bits / 2, [.. parts.Take(parts.Count / 2)])}, {Halves(bits / 2, [.. parts.Skip(parts.Count / 2)])})";

    public override string LoadEight(string pointer, bool signed) => signed
        ? $"Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)({pointer})).AsSByte())"
        : $"Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)({pointer})).AsByte()).AsInt16()";

    public override string FromLower(string four) => Bits switch
    {
        128 => $"({four})",
        256 => $"({four}).ToVector256()",
        _ => $"({four}).ToVector256().ToVector512()",
    };

    /// <summary>A sum of products, added to a partial sum where there is one already.</summary>
    protected static string Accumulate(string? partial, string dot) => partial is null ? dot : $"{partial} + {dot}";
}
