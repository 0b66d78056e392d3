using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Tests.Oracle;

/// <summary>
/// A slow interpreter of a <see cref="FormatSpec"/>: reads and writes single bits, decodes with one f32 rounding per step. It
/// shares no code with planning or emission and is what every generated kernel is compared with.
/// </summary>
internal sealed class FormatOracle(FormatSpec spec)
{
    /// <summary>[quantity, codes first][entry][bit of the number]: the bit of the block that holds it, -1 where no slice does.</summary>
    private readonly int[][][] _places = [.. Enumerable.Range(SliceSpec.CodesQuantity, spec.Parameters.Count + 1).Select(quantity => Places(spec, quantity))];

    private readonly Dictionary<ParameterRole, int[]> _levels = Enum.GetValues<ParameterRole>().ToDictionary(role => role, role => Levels(spec, role).ToArray());

    private readonly int _table = spec.Parameters.ToList().FindIndex(p => p.Role == ParameterRole.Codebook);

    public FormatSpec Spec => spec;

    public int BlockInputs => spec.Block.Inputs;

    public int BlockBytes => spec.Block.Bytes;

    /// <summary>Stored codes in a block: of inputs, vectors of inputs, or words of digits.</summary>
    public int StoredCodes => spec.Digits.Count > 0 ? spec.Digits.Sum(run => run.Inputs / run.Used) : BlockInputs / spec.Codes.Length;

    /// <summary>Bits of a stored code.</summary>
    public int StoredBits => spec.Digits.Count > 0 ? spec.Digits[0].Bits : spec.Codes.Bits;

    /// <summary>Different stored codes.</summary>
    public long CodeCount => 1L << StoredBits;

    /// <summary>Different codes of one input, where an input has a code.</summary>
    public int ElementCount => 1 << spec.Codes.Bits;

    public int ParametersPerBlock => Enumerable.Range(0, spec.Parameters.Count).Sum(Entries);

    public int RowSideBytes => SideBytes(ParameterExtent.Row);

    public int TensorSideBytes => SideBytes(ParameterExtent.Tensor);

    /// <summary>The table that every input has for itself, or none.</summary>
    public ParameterSpec? InputTable { get; } = spec.Parameters.FirstOrDefault(p => p.Extent == ParameterExtent.Column);

    /// <summary>Bytes of the side parameters of a matrix: those of the whole, then f32 tables for all inputs of whole packed blocks.</summary>
    public long MatrixSideBytes(int inputs)
    {
        int block = BlockInputs % 32 != 0 && 32 % BlockInputs == 0 ? 32 : BlockInputs;
        return TensorSideBytes + (InputTable is { } table ? (inputs + block - 1) / block * block * table.Count * 4L : 0);
    }

    /// <summary>Writes one number of an input's table.</summary>
    public void WriteInputTable(Span<byte> tensorSide, int input, int number, float value) =>
        BitConverter.TryWriteBytes(tensorSide[(TensorSideBytes + (((input * InputTable!.Count) + number) * 4))..], value);

    private float ReadInputTable(ReadOnlySpan<byte> tensorSide, int input, uint number) =>
        BitConverter.ToSingle(tensorSide[(TensorSideBytes + (((input * InputTable!.Count) + (int)number) * 4))..]);

    /// <summary>Whether rows of this length can be stored.</summary>
    public bool Accepts(long inputs) => spec.Block.Ragged != RaggedRule.Reject || inputs % BlockInputs == 0;

    /// <summary>Bytes in which a row is stored.</summary>
    public long RowBytes(long inputs)
    {
        long rest = inputs % BlockInputs;
        long bytes = inputs / BlockInputs * BlockBytes;
        return rest == 0 ? bytes
            : bytes + (spec.Block.Ragged == RaggedRule.Short ? ((rest * StoredBits) + 7) / 8 : BlockBytes);
    }

    /// <summary>Entries of a parameter in one block, 0 for a side array.</summary>
    public int Entries(int parameter) =>
        spec.Parameters[parameter].IsSide ? 0 : BlockInputs / spec.Parameters[parameter].Inputs;

    /// <summary>Where a parameter's entries start in the array of pack and unpack.</summary>
    public int FirstEntry(int parameter) => Enumerable.Range(0, parameter).Sum(Entries);

    /// <summary>Reads one entry of one quantity, bit by bit.</summary>
    public uint ReadEntry(ReadOnlySpan<byte> block, int quantity, int entry)
    {
        uint value = 0;
        int[] places = _places[quantity - SliceSpec.CodesQuantity][entry];
        for (int bit = 0; bit < places.Length; bit++)
        {
            if (places[bit] is >= 0 and int at)
            {
                uint stored = (uint)(block[at / 8] >> (at % 8)) & 1;
                value |= stored << bit;
            }
        }

        return value;
    }

    /// <summary>Writes one entry of one quantity, bit by bit.</summary>
    public void WriteEntry(Span<byte> block, int quantity, int entry, uint value)
    {
        int[] places = _places[quantity - SliceSpec.CodesQuantity][entry];
        for (int bit = 0; bit < places.Length; bit++)
        {
            if (places[bit] is >= 0 and int at)
            {
                uint stored = (value >> bit) & 1;
                block[at / 8] = (byte)((block[at / 8] & ~(1 << (at % 8))) | ((int)stored << (at % 8)));
            }
        }
    }

    /// <summary>The stored codes and in-block parameters of a block, unconverted.</summary>
    public (uint[] Codes, uint[] Parameters) UnpackBlock(ReadOnlySpan<byte> block)
    {
        uint[] codes = new uint[StoredCodes];
        uint[] parameters = new uint[ParametersPerBlock];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = ReadEntry(block, SliceSpec.CodesQuantity, i);
        }

        for (int p = 0; p < spec.Parameters.Count; p++)
        {
            for (int entry = 0; entry < Entries(p); entry++)
            {
                parameters[FirstEntry(p) + entry] = ReadEntry(block, p, entry);
            }
        }

        return (codes, parameters);
    }

    /// <summary>The inverse of <see cref="UnpackBlock"/>; bits that no slice places are 0.</summary>
    public byte[] PackBlock(ReadOnlySpan<uint> codes, ReadOnlySpan<uint> parameters)
    {
        byte[] block = new byte[BlockBytes];
        for (int i = 0; i < StoredCodes; i++)
        {
            WriteEntry(block, SliceSpec.CodesQuantity, i, codes[i]);
        }

        for (int p = 0; p < spec.Parameters.Count; p++)
        {
            for (int entry = 0; entry < Entries(p); entry++)
            {
                WriteEntry(block, p, entry, parameters[FirstEntry(p) + entry]);
            }
        }

        return block;
    }

    /// <summary>How often each bit of a block is placed by a slice: 1 everywhere where the spec is sound and has no padding.</summary>
    public int[] BitUse()
    {
        int[] use = new int[BlockBytes * 8];
        foreach (SliceSpec slice in spec.Slices)
        {
            for (int entry = slice.First; entry < slice.First + slice.Count; entry++)
            {
                for (int bit = 0; bit < slice.Bits; bit++)
                {
                    use[slice.BitOf(entry) + bit]++;
                }
            }
        }

        return use;
    }

    /// <summary>The bits of number <paramref name="entry"/> of a parameter in side memory, or of entry <paramref name="entry"/> in a block.</summary>
    public uint ReadParameter(
        int parameter, int entry, ReadOnlySpan<byte> block, ReadOnlySpan<byte> rowSide, ReadOnlySpan<byte> tensorSide)
    {
        ParameterSpec declared = spec.Parameters[parameter];
        if (!declared.IsSide)
        {
            return ReadEntry(block, parameter, entry);
        }

        ReadOnlySpan<byte> side = declared.Extent == ParameterExtent.Row ? rowSide : tensorSide;
        int at = SideOffset(parameter) + (entry * ((declared.Type.Bits + 7) / 8));
        uint value = 0;
        for (int bit = 0; bit < declared.Type.Bits; bit++)
        {
            value |= ((uint)(side[at + (bit / 8)] >> (bit % 8)) & 1) << bit;
        }

        return value;
    }

    /// <summary>Writes a side parameter's bits, or those of one number of a table, whole bytes.</summary>
    public void WriteSide(int parameter, uint value, Span<byte> side, int number = 0)
    {
        int bytes = (spec.Parameters[parameter].Type.Bits + 7) / 8;
        for (int i = 0; i < bytes; i++)
        {
            side[SideOffset(parameter) + (number * bytes) + i] = (byte)(value >> (8 * i));
        }
    }

    /// <summary>Decodes the first <paramref name="inputs"/> weights of a stored row, with the terms they were made of.</summary>
    public OracleRow DecodeRow(
        ReadOnlySpan<byte> row, ReadOnlySpan<byte> rowSide, ReadOnlySpan<byte> tensorSide, int inputs)
    {
        OracleRow decoded = new(inputs) { LargestNumber = LargestNumber(rowSide, tensorSide) };
        byte[] block = new byte[BlockBytes];
        for (int k = 0; k < inputs; k++)
        {
            int at = k % BlockInputs;
            if (at == 0)
            {
                int start = k / BlockInputs * BlockBytes;
                Array.Clear(block);
                row[start..Math.Min(row.Length, start + BlockBytes)].CopyTo(block);
            }

            float value = InputTable is not null ? ReadInputTable(tensorSide, k, ReadEntry(block, SliceSpec.CodesQuantity, at))
                : _table >= 0
                ? CodeDecoder.Number(spec.Parameters[_table], ReadParameter(_table, (int)ReadEntry(block, SliceSpec.CodesQuantity, at), block, rowSide, tensorSide))
                : Value(block, at);
            float? zero = Product(ParameterRole.Zero, at, block, rowSide, tensorSide);
            float? scale = Product(ParameterRole.Scale, at, block, rowSide, tensorSide);
            float? min = Product(ParameterRole.Min, at, block, rowSide, tensorSide);
            float weight = value;
            weight = zero is float z ? (float)(weight - z) : weight;
            weight = scale is float s ? (float)(s * weight) : weight;
            weight = min is float m ? (float)(weight + m) : weight;
            decoded.Set(k, value, zero ?? 0, scale ?? 1, min ?? 0, weight);
        }

        return decoded;
    }

    /// <summary>The largest magnitude in the table that a row's codes index; those of inputs have no integers that it would bound.</summary>
    private double LargestNumber(ReadOnlySpan<byte> rowSide, ReadOnlySpan<byte> tensorSide)
    {
        double largest = spec.Codebook?.Numbers.Max(static number => Math.Abs((double)number)) ?? 0;
        for (int i = 0; _table >= 0 && InputTable is null && i < spec.Parameters[_table].Count; i++)
        {
            largest = Math.Max(largest, Math.Abs((double)CodeDecoder.Number(spec.Parameters[_table], ReadParameter(_table, i, [], rowSide, tensorSide))));
        }

        return largest;
    }

    /// <summary>The value of the code of one input of a block.</summary>
    private float Value(ReadOnlySpan<byte> block, int at)
    {
        if (spec.Digits.Count > 0)
        {
            return CodeDecoder.Value(spec, Digit(block, at));
        }

        uint code = ReadEntry(block, SliceSpec.CodesQuantity, at / spec.Codes.Length);
        if (spec.Selector >= 0)
        {
            code |= ReadEntry(block, spec.Selector, at / spec.Parameters[spec.Selector].Inputs) << spec.Codes.Bits;
        }

        float value = spec.Codes.Length == 1
            ? CodeDecoder.Value(spec, code)
            : BitConverter.Int32BitsToSingle(spec.Codebook!.ValueBits[((int)code * spec.Codes.Length) + (at % spec.Codes.Length)]);
        return spec.Signs is { } signs && IsMinus(signs, block, at) ? -value : value;
    }

    /// <summary>Digit n of a number to the radix r: of a fraction w / 2^B it is floor(w * r^(n + 1) / 2^B) mod r.</summary>
    private uint Digit(ReadOnlySpan<byte> block, int at)
    {
        DigitRun run = spec.Digits.Single(r => at >= r.First && at < r.First + r.Inputs);
        int period = run.Stripe * run.Used;
        int within = (at - run.First) % period;
        int word = run.FirstWord + ((at - run.First) / period * run.Stripe) + (within % run.Stripe);
        int n = within / run.Stripe;
        System.Numerics.BigInteger stored = ReadEntry(block, SliceSpec.CodesQuantity, word);
        if (run.Mirror)
        {
            int sign = 1 << (run.Bits - 1);
            System.Numerics.BigInteger numbers = System.Numerics.BigInteger.Pow(run.Radix, run.Count);
            stored = ((numbers - 1) / 2) + (stored >= sign ? sign - stored : stored);
            stored = ((stored % numbers) + numbers) % numbers;
        }

        System.Numerics.BigInteger moved = run.Fraction
            ? (stored * System.Numerics.BigInteger.Pow(run.Radix, n + 1)) >> run.Bits
            : stored / System.Numerics.BigInteger.Pow(run.Radix, run.Count - 1 - n);
        return (uint)(moved % run.Radix);
    }

    /// <summary>Whether an input's sign is minus: its own bit, or, where that is not stored, the one that makes minus signs even.</summary>
    private bool IsMinus(SignSpec signs, ReadOnlySpan<byte> block, int at)
    {
        int inputs = spec.Parameters[signs.Parameter].Inputs;
        uint stored = ReadEntry(block, signs.Parameter, at / inputs);
        int input = at % inputs;
        if (input != signs.Parity)
        {
            return ((stored >> (signs.Parity >= 0 && input > signs.Parity ? input - 1 : input)) & 1) == 1;
        }

        int minus = 0;
        for (int bit = 0; bit < inputs - 1; bit++)
        {
            minus += (int)(stored >> bit) & 1;
        }

        return minus % 2 == 1;
    }

    /// <summary>The declared levels of a role: those that are multiplied, from the largest extent to the smallest, then likewise those that are added.</summary>
    public IReadOnlyList<int> Levels(ParameterRole role) => _levels[role];

    private static IEnumerable<int> Levels(FormatSpec spec, ParameterRole role) =>
        Enumerable.Range(0, spec.Parameters.Count)
            .Where(p => spec.Parameters[p].Role == role)
            .OrderBy(p => spec.Parameters[p].IsAdded)
            .ThenBy(p => spec.Parameters[p].Extent switch
            {
                ParameterExtent.Tensor => long.MinValue,
                ParameterExtent.Row => long.MinValue + 1,
                _ => -(long)spec.Parameters[p].Inputs * spec.Parameters[p].Blocks,
            });

    private float? Product(
        ParameterRole role, int at, ReadOnlySpan<byte> block, ReadOnlySpan<byte> rowSide, ReadOnlySpan<byte> tensorSide)
    {
        float? product = null;
        foreach (int level in _levels[role])
        {
            ParameterSpec declared = spec.Parameters[level];
            int entry = declared.IsSide ? 0 : at / declared.Inputs;
            float number = CodeDecoder.Number(declared, ReadParameter(level, entry, block, rowSide, tensorSide));
            product = product is not float outer ? number : declared.IsAdded ? (float)(outer + number) : (float)(outer * number);
        }

        return product;
    }

    private static int[][] Places(FormatSpec spec, int quantity)
    {
        SliceSpec[] slices = [.. spec.Slices.Where(slice => slice.Quantity == quantity)];
        int entries = slices.Select(slice => slice.First + slice.Count).DefaultIfEmpty(0).Max();
        int[][] places = new int[entries][];
        for (int entry = 0; entry < entries; entry++)
        {
            SliceSpec[] own = [.. slices.Where(slice => entry >= slice.First && entry < slice.First + slice.Count)];
            places[entry] = new int[own.Select(slice => slice.FromBit + slice.Bits).DefaultIfEmpty(0).Max()];
            places[entry].AsSpan().Fill(-1);
            foreach (SliceSpec slice in own)
            {
                for (int bit = 0; bit < slice.Bits; bit++)
                {
                    places[entry][slice.FromBit + bit] = slice.BitOf(entry) + bit;
                }
            }
        }

        return places;
    }

    private int SideOffset(int parameter) =>
        spec.Parameters.Take(parameter)
            .Where(p => p.Extent == spec.Parameters[parameter].Extent)
            .Sum(p => p.Count * ((p.Type.Bits + 7) / 8));

    private int SideBytes(ParameterExtent extent) =>
        spec.Parameters.Where(p => p.Extent == extent).Sum(p => p.Count * ((p.Type.Bits + 7) / 8));
}
