using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen;

/// <summary>
/// What a declared format is as a format of activations: how its stored rows become the integers and steps that int8 kernels multiply, where
/// <see cref="FormatDescriptor.ActivationCodesFault"/> is null.
/// </summary>
internal sealed unsafe class ActivationForm
{
    private readonly FormatDescriptor _format;
    private readonly Level[] _scales;
    private readonly Level? _zero;

    // By stored code, the number as a multiple of the factor.
    private readonly sbyte[] _codes = new sbyte[1 << 8];

    private ActivationForm(FormatDescriptor format)
    {
        _format = format;
        List<Level> levels = Levels(format);
        _scales = [.. levels.Where(static level => level.Parameter.Role == "scale").OrderBy(static level => level.Order)];
        ScaleInputs = _scales.Where(static level => !level.IsSide).Select(static level => level.Parameter.Per).DefaultIfEmpty(0).Min();
        _zero = levels.Where(static level => level.Parameter.Role == "zero").Select(static level => (Level?)level).FirstOrDefault();
        IReadOnlyList<float> numbers = format is { ActivationCodesFault: null, Codes: { } codes } ? codes.Numbers : [];
        for (int code = 0; code < numbers.Count; code++)
        {
            _codes[code] = (sbyte)(numbers[code] / format.ActivationFactor);
        }
    }

    /// <summary>Inputs that share the scale of a block; 0 where all of a row do.</summary>
    public int ScaleInputs { get; }

    /// <summary>The form of a format.</summary>
    /// <param name="format">The format.</param>
    /// <returns>The form.</returns>
    public static ActivationForm Of(FormatDescriptor format) => new(format);

    /// <summary>Turns a stored row into integers and steps: activation i is <c>steps[i / groupInputs] * codes[i]</c>.</summary>
    /// <param name="row">The stored row, readable to the end of its last block.</param>
    /// <param name="rowSide">Its side parameters.</param>
    /// <param name="tensorSide">Those of the matrix.</param>
    /// <param name="unpack">Unpacks a block.</param>
    /// <param name="inputs">Row length K.</param>
    /// <param name="groupInputs">Inputs of a step; divides <see cref="ScaleInputs"/>.</param>
    /// <param name="codes">[K], written.</param>
    /// <param name="steps">[ceil(K / groupInputs)], written.</param>
    /// <param name="blockCodes">Room for the stored codes of a block.</param>
    /// <param name="blockParameters">Room for the stored parameters of a block.</param>
    public void Read(
        byte* row,
        byte* rowSide,
        byte* tensorSide,
        delegate*<byte*, byte*, uint*, void> unpack,
        long inputs,
        int groupInputs,
        sbyte* codes,
        float* steps,
        byte* blockCodes,
        uint* blockParameters)
    {
        int blockInputs = _format.BlockInputs;
        fixed (sbyte* numbers = _codes)
        {
            for (long first = 0; first < inputs; first += blockInputs, row += _format.BlockBytes)
            {
                unpack(row, blockCodes, blockParameters);
                int count = (int)Math.Min(blockInputs, inputs - first);
                for (int i = 0; i < count; i++)
                {
                    codes[first + i] = numbers[blockCodes[i]];
                }

                if (_zero is { } zero)
                {
                    Subtract(zero, codes + first, count, rowSide, tensorSide, blockParameters);
                }

                for (int i = 0; ScaleInputs != 0 && i < count; i += groupInputs)
                {
                    steps[(first + i) / groupInputs] = Step(i, rowSide, tensorSide, blockParameters);
                }
            }
        }

        if (ScaleInputs == 0)
        {
            new Span<float>(steps, checked((int)((inputs + groupInputs - 1) / groupInputs))).Fill(Step(0, rowSide, tensorSide, blockParameters));
        }
    }

    private static List<Level> Levels(FormatDescriptor format)
    {
        List<Level> levels = [];
        int inBlock = 0;
        int inRow = 0;
        int inTensor = 0;
        foreach (FormatParameter parameter in format.Parameters)
        {
            int bytes = (parameter.Bits + 7) / 8 * parameter.Count;
            if (parameter.EntriesPerBlock > 0)
            {
                levels.Add(new Level(parameter, inBlock));
                inBlock += parameter.EntriesPerBlock;
            }
            else if (parameter.Per == Extent.Row)
            {
                levels.Add(new Level(parameter, inRow));
                inRow += bytes;
            }
            else
            {
                levels.Add(new Level(parameter, inTensor));
                inTensor += bytes;
            }
        }

        return levels;
    }

    private static void Subtract(in Level zero, sbyte* codes, int count, byte* rowSide, byte* tensorSide, uint* blockParameters)
    {
        int per = zero.IsSide ? count : zero.Parameter.Per;
        for (int first = 0; first < count; first += per)
        {
            int number = (int)zero.Number(first, rowSide, tensorSide, blockParameters);
            for (int i = first; i < Math.Min(count, first + per); i++)
            {
                codes[i] = (sbyte)(codes[i] - number);
            }
        }
    }

    /// <summary>The product of the levels of scales in the order in which decoding takes it, times the factor.</summary>
    private float Step(int input, byte* rowSide, byte* tensorSide, uint* blockParameters)
    {
        float step = 1;
        for (int i = 0; i < _scales.Length; i++)
        {
            float number = _scales[i].Number(input, rowSide, tensorSide, blockParameters);
            step = i == 0 ? number : step * number;
        }

        return step * _format.ActivationFactor;
    }

    /// <summary>A parameter and where it is stored.</summary>
    /// <param name="Parameter">The parameter.</param>
    /// <param name="Offset">Its first entry in the array of unpack, or the byte of its entry in the side parameters.</param>
    private readonly record struct Level(FormatParameter Parameter, int Offset)
    {
        public bool IsSide => Parameter.EntriesPerBlock == 0;

        /// <summary>From the largest extent to the smallest.</summary>
        public int Order => Parameter.Per switch
        {
            Extent.Tensor => int.MinValue,
            Extent.Row => int.MinValue + 1,
            _ => -Parameter.Per,
        };

        /// <summary>The number that covers an input of a block.</summary>
        public float Number(int input, byte* rowSide, byte* tensorSide, uint* blockParameters)
        {
            if (!IsSide)
            {
                return Parameter.Decode(blockParameters[Offset + (input / Parameter.Per)]);
            }

            byte* side = (Parameter.Per == Extent.Row ? rowSide : tensorSide) + Offset;
            uint stored = 0;
            for (int i = 0; i < (Parameter.Bits + 7) / 8; i++)
            {
                stored |= (uint)side[i] << (8 * i);
            }

            return Parameter.Decode(stored);
        }
    }
}
