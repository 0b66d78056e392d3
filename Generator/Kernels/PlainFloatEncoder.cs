using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the encoder of plain floats: each number is rounded to the nearest for itself, ties to even.</summary>
/// <param name="spec">The format.</param>
/// <param name="type">The floats.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="scalarClass">The format's class of plain C#.</param>
internal sealed class PlainFloatEncoder(FormatSpec spec, StoredType type, Target target, string scalarClass)
{
    /// <summary>Whether blocks are floats and nothing else, so that those of all whole blocks stand in a row.</summary>
    private bool StandInRow => spec.Block.Bytes == spec.Block.Inputs * Buffers.ElementBytes(spec);

    public void Write(CodeWriter code)
    {
        code.Doc("<summary>Stores one row of finite weights, each rounded to the nearest float.</summary>");
        using (code.Method("internal static void QuantizeRow(float* x, long k, byte* row, byte* rowSide, byte* tensorSide)"))
        {
            if (!target.HasRowVectors)
            {
                Blocks(code);
            }
            else if (StandInRow)
            {
                Row(code);
            }
            else
            {
                code.Line($"{scalarClass}.QuantizeRow(x, k, row, rowSide, tensorSide);");
            }
        }
    }

    private void Blocks(CodeWriter code)
    {
        string bits = ParameterEncoding.Encode(
            spec, new ParameterSpec(ParameterRole.Scale, "code", type, ParameterExtent.Block, 1, 1, 0, Negative: false), "x[e]");
        Buffers.Declare(code, spec, scalarClass);
        using (code.Block($"for (; k > 0; k -= {spec.Block.Inputs}, x += {spec.Block.Inputs}, row += {spec.Block.Bytes})"))
        {
            code.Line($"int count = (int)(k < {spec.Block.Inputs} ? k : {spec.Block.Inputs});");
            using (code.Block($"for (int e = 0; e < {spec.Block.Inputs}; e++)"))
            {
                code.Line($"codes[e] = e < count ? ({Buffers.ElementType(spec)}){bits} : ({Buffers.ElementType(spec)})0;");
            }

            ShortTail.Write(code, spec, "row", "count", "null", scalarClass);
        }
    }

    private void Row(CodeWriter code)
    {
        EagerOptimization.Write(code, target, "k", "row", "byte");
        (string function, string element) = type.Class switch
        {
            StoredClass.Float16 => ("StoreHalves", "ushort"),
            StoredClass.BFloat16 => ("StoreBFloat16", "ushort"),
            _ => ("StoreSingles", "float"),
        };
        (int inputs, int bytes) = (spec.Block.Inputs, spec.Block.Bytes);
        code.Line(inputs == 1 ? "long whole = k;" : $"long whole = k - (k % {inputs});");
        code.Line($"{target.RowSupport}.{function}(x, whole, ({element}*)row);");
        if (inputs > 1)
        {
            code.Line($"{scalarClass}.QuantizeRow(x + whole, k - whole, row + (whole / {inputs} * {bytes}), rowSide, tensorSide);");
        }
    }
}
