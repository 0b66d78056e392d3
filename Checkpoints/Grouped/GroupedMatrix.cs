using System;
using System.Threading.Tasks;

namespace KernelGen.Checkpoints;

/// <summary>Stores layers of integers in groups as declared formats, code for code.</summary>
internal static unsafe class GroupedMatrix
{
    // Outputs that are taken together: neighbours in the packings that run along the inputs.
    private const int Tile = 16;

    /// <summary>Makes the matrix.</summary>
    /// <param name="weights">The layer.</param>
    /// <param name="format">The format.</param>
    /// <param name="group">Inputs of the format's groups; 0 for whole rows.</param>
    /// <returns>The matrix; dispose it.</returns>
    public static IWeightMatrix Build(GroupedWeights weights, FormatDescriptor format, int group)
    {
        using NativeBuffer blocks = new(checked(weights.Outputs * format.RowBytes(weights.Inputs)));
        using NativeBuffer sides = new(checked(weights.Outputs * format.RowSideBytes));
        long first = (long)blocks.Pointer;
        long firstSide = (long)sides.Pointer;
        Parallel.For(0L, (weights.Outputs + Tile - 1) / Tile, tile => Fill(weights, format, group, tile * Tile, (byte*)first, (byte*)firstSide));
        QuantizedMatrix matrix = QuantizedMatrix.FromBlocks(format, weights.Outputs, weights.Inputs, new BorrowedWeights
        {
            Blocks = blocks.Pointer,
            BlockBytes = blocks.Length,
            RowSides = sides.Pointer,
            RowSideBytes = sides.Length,
        });
        return weights.Order is null ? matrix : new GatheredMatrix(matrix, weights.Order);
    }

    private static void Fill(GroupedWeights weights, FormatDescriptor format, int group, long firstOutput, byte* blocks, byte* sides)
    {
        int outputs = (int)long.Min(Tile, weights.Outputs - firstOutput);
        int whole = (weights.Inputs + format.BlockInputs - 1) / format.BlockInputs;
        int padded = whole * format.BlockInputs;
        byte[] codes = new byte[checked(outputs * padded)];
        for (int place = 0; place < weights.Inputs; place++)
        {
            int input = weights.Order is null ? place : weights.Order[place];
            for (int o = 0; o < outputs; o++)
            {
                codes[(o * padded) + place] = (byte)weights.Code(input, firstOutput + o);
            }
        }

        uint[] parameters = new uint[format.ParametersPerBlock];
        byte[] block = new byte[format.BlockBytes];
        long rowBytes = format.RowBytes(weights.Inputs);
        for (int o = 0; o < outputs; o++)
        {
            long output = firstOutput + o;
            for (int b = 0; b < whole; b++)
            {
                Span<byte> own = codes.AsSpan((o * padded) + (b * format.BlockInputs), format.BlockInputs);
                Prepare(weights, group, output, b * format.BlockInputs, own, parameters);
                fixed (byte* from = own, to = block)
                {
                    fixed (uint* p = parameters)
                    {
                        format.Kernels[0].PackBlock(from, p, to);
                    }
                }

                // The last block of a whole row ends with the row.
                long at = (long)b * format.BlockBytes;
                block.AsSpan(0, (int)long.Min(format.BlockBytes, rowBytes - at)).CopyTo(new Span<byte>(blocks + (output * rowBytes) + at, format.BlockBytes));
            }

            if (group == 0)
            {
                byte* side = sides + (output * format.RowSideBytes);
                BitConverter.TryWriteBytes(new Span<byte>(side, sizeof(ushort)), weights.Scales[output]);
                side[sizeof(ushort)] = weights.Zeros[output];
            }
        }
    }

    /// <summary>The parameters of a block, scales before zero points or minima, and codes for inputs that are not there: those nearest zero.</summary>
    private static void Prepare(GroupedWeights weights, int group, long output, int firstInput, Span<byte> codes, Span<uint> parameters)
    {
        if (group == 0)
        {
            return;
        }

        int groups = parameters.Length / 2;
        parameters.Clear();
        for (int g = 0; g < groups; g++)
        {
            int at = firstInput + (g * group);
            if (at >= weights.Inputs)
            {
                return;
            }

            long entry = (at / weights.GroupSize * weights.Outputs) + output;
            parameters[g] = weights.Scales[entry];
            parameters[groups + g] = weights.Minima.Length > 0 ? weights.Minima[entry] : weights.Zeros[entry];
            if (weights.Zeros.Length > 0 && weights.Inputs - at < group)
            {
                codes.Slice((g * group) + weights.Inputs - at, group - (weights.Inputs - at)).Fill(weights.Zeros[entry]);
            }
        }
    }
}
