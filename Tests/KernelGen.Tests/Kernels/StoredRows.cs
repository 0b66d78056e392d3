using System;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Tests.Oracle;

namespace KernelGen.Tests.Kernels;

/// <summary>Stored rows made for tests, bit by bit, through the oracle.</summary>
internal sealed class StoredRows
{
    private StoredRows(FormatOracle oracle, int rows, int inputs)
    {
        Oracle = oracle;
        Rows = rows;
        Inputs = inputs;
        RowBytes = checked((int)oracle.RowBytes(inputs));
        Blocks = new byte[rows * RowBytes];
        RowSides = new byte[rows * oracle.RowSideBytes];
        TensorSide = new byte[oracle.MatrixSideBytes(inputs)];
    }

    public FormatOracle Oracle { get; }

    public int Rows { get; }

    public int Inputs { get; }

    public int RowBytes { get; }

    public byte[] Blocks { get; }

    public byte[] RowSides { get; }

    public byte[] TensorSide { get; }

    /// <summary>Rows of random bits: every kind of scale, NaN and infinite ones included.</summary>
    public static StoredRows OfRandomBits(FormatOracle oracle, int rows, int inputs, Random random)
    {
        StoredRows stored = new(oracle, rows, inputs);
        random.NextBytes(stored.Blocks);
        random.NextBytes(stored.RowSides);
        random.NextBytes(stored.TensorSide);
        return stored;
    }

    /// <summary>Rows of random codes with parameters of moderate size.</summary>
    public static StoredRows OfModerateScales(FormatOracle oracle, int rows, int inputs, Random random) => Fill(
        oracle,
        rows,
        inputs,
        () => AnyCode(oracle, random),
        parameter => ParameterBits.Moderate(parameter, random));

    /// <summary>The same, with codes behind the last input that are no numbers, where the format has such.</summary>
    public static StoredRows WithoutNumbersBehind(FormatOracle oracle, int rows, int inputs, Random random)
    {
        uint[] specials = oracle.Spec is { Codebook: { } table, Codes.Length: 1 }
            ? [.. Enumerable.Range(0, table.ValueBits.Count).Where(code => !FloatBits.IsFinite(table.ValueBits[code])).Select(static code => (uint)code)]
            : [];
        int perRow = (inputs + oracle.Spec.Block.Inputs - 1) / oracle.Spec.Block.Inputs * oracle.Spec.Block.Inputs;
        int next = 0;
        return Fill(
            oracle,
            rows,
            inputs,
            () => next++ % perRow >= inputs && specials.Length > 0 ? specials[random.Next(specials.Length)] : AnyCode(oracle, random),
            parameter => ParameterBits.Moderate(parameter, random));
    }

    /// <summary>Any stored code of a number; of plain floats one between 2^-6 and 2 in magnitude.</summary>
    public static uint AnyCode(FormatOracle oracle, Random random)
    {
        if (oracle.Spec.Codes.Float is { } type)
        {
            return ParameterBits.OfFloat(type, ParameterBits.ModerateFloat(random));
        }

        uint code;
        do
        {
            code = (uint)random.NextInt64(oracle.CodeCount);
        }
        while (oracle.Spec is { Codebook: { } table, Codes.Length: 1 } && !FloatBits.IsFinite(table.ValueBits[(int)code]));
        return code;
    }

    /// <summary>Rows whose scales are 1, with codes and integer zero points and minima as given.</summary>
    public static StoredRows OfUnitScales(FormatOracle oracle, int rows, int inputs, Func<uint> code, Random random) =>
        Fill(oracle, rows, inputs, code, parameter => ParameterBits.Whole(parameter, random));

    /// <summary>Rows with every parameter given.</summary>
    public static StoredRows Fill(FormatOracle oracle, int rows, int inputs, Func<uint> code, Func<ParameterSpec, uint> parameter)
    {
        StoredRows stored = new(oracle, rows, inputs);
        FormatSpec spec = oracle.Spec;
        uint[] codes = new uint[oracle.StoredCodes];
        uint[] parameters = new uint[oracle.ParametersPerBlock];
        for (int row = 0; row < rows; row++)
        {
            for (int at = 0; at < stored.RowBytes; at += oracle.BlockBytes)
            {
                for (int i = 0; i < codes.Length; i++)
                {
                    codes[i] = code();
                }

                for (int p = 0, entry = 0; p < spec.Parameters.Count; p++)
                {
                    for (int count = oracle.Entries(p); count > 0; count--)
                    {
                        parameters[entry++] = parameter(spec.Parameters[p]);
                    }
                }

                byte[] block = oracle.PackBlock(codes, parameters);
                int bytes = Math.Min(block.Length, stored.RowBytes - at);
                block.AsSpan(0, bytes).CopyTo(stored.Blocks.AsSpan((row * stored.RowBytes) + at));
            }

            stored.WriteSide(ParameterExtent.Row, stored.RowSides.AsSpan(row * oracle.RowSideBytes, oracle.RowSideBytes), parameter);
        }

        stored.WriteSide(ParameterExtent.Tensor, stored.TensorSide, parameter);
        for (int i = 0; oracle.InputTable is { } table && i < inputs; i++)
        {
            for (int number = 0; number < table.Count; number++)
            {
                oracle.WriteInputTable(stored.TensorSide, i, number, CodeDecoder.Number(table, parameter(table)));
            }
        }

        return stored;
    }

    public ReadOnlySpan<byte> Row(int row) => Blocks.AsSpan(row * RowBytes, RowBytes);

    public ReadOnlySpan<byte> RowSide(int row) => RowSides.AsSpan(row * Oracle.RowSideBytes, Oracle.RowSideBytes);

    /// <summary>A row as the oracle decodes it.</summary>
    public OracleRow Decode(int row) => Oracle.DecodeRow(Row(row), RowSide(row), TensorSide, Inputs);

    /// <summary>All rows as the oracle decodes them.</summary>
    public OracleRow[] Decode() => [.. Enumerable.Range(0, Rows).Select(Decode)];

    private void WriteSide(ParameterExtent extent, Span<byte> side, Func<ParameterSpec, uint> parameter)
    {
        for (int p = 0; p < Oracle.Spec.Parameters.Count; p++)
        {
            if (Oracle.Spec.Parameters[p].Extent == extent)
            {
                for (int number = 0; number < Oracle.Spec.Parameters[p].Count; number++)
                {
                    Oracle.WriteSide(p, parameter(Oracle.Spec.Parameters[p]), side, number);
                }
            }
        }
    }
}
