using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the kernels over the interchange layout: unpack, pack, dequantize and the f32 dot product of a row.</summary>
internal sealed class RowKernels(FormatPlan plan, Target target, string scalarClass)
{
    private readonly FormatSpec _spec = plan.Spec;
    private readonly RowParameters _parameters = new(plan.Spec);

    /// <summary>Whether this target has row kernels of its own; otherwise the scalar ones serve it.</summary>
    private bool HasVectors => target.HasRowVectors && _parameters.Group % target.Lanes == 0;

    public void Unpack(CodeWriter code)
    {
        string stored = Buffers.StoredType(_spec);
        code.Doc("<summary>Stored bit patterns of one block: codes in input order, then the parameters in declared order.</summary>");
        using (code.Method("internal static void UnpackBlock(byte* block, byte* codes, uint* parameters)"))
        {
            code.Line(_spec.StoresCodes
                ? $"UnpackCodes(block, {(stored == "byte" ? "codes" : $"({stored}*)codes")});"
                : $"{scalarClass}.UnpackStored(block, {(stored == "byte" ? "codes" : $"({stored}*)codes")});");
            if (RowParameters.EntriesPerBlock(_spec) > 0)
            {
                code.Line($"{scalarClass}.UnpackParameters(block, parameters);");
            }
        }

        code.Line();
        code.Doc("<summary>The codes of the inputs of one block.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method($"internal static void UnpackCodes(byte* block, {Buffers.ElementType(_spec)}* codes)"))
        {
            if (!CodeExtraction.TryWrite(code, _spec, target))
            {
                if (target.HasRowVectors)
                {
                    code.Line($"{scalarClass}.UnpackCodes(block, codes);");
                }
                else if (_spec.StoresCodes)
                {
                    ReadSlices(code, SliceSpec.CodesQuantity, "codes", 0, stored);
                }
                else
                {
                    new Expansion(plan).Write(code);
                }
            }
        }

        if (!target.HasRowVectors && !_spec.StoresCodes)
        {
            code.Line();
            code.Doc("<summary>The stored codes of one block.</summary>");
            code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (code.Method($"internal static void UnpackStored(byte* block, {stored}* codes)"))
            {
                ReadSlices(code, SliceSpec.CodesQuantity, "codes", 0, stored);
            }
        }

        if (!target.HasRowVectors && RowParameters.EntriesPerBlock(_spec) > 0)
        {
            code.Line();
            code.Doc("<summary>The stored bits of the parameters of one block.</summary>");
            code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (code.Method("internal static void UnpackParameters(byte* block, uint* parameters)"))
            {
                for (int i = 0; i < _spec.Parameters.Count; i++)
                {
                    if (!_spec.Parameters[i].IsSide)
                    {
                        ReadSlices(code, i, "parameters", RowParameters.FirstEntry(_spec, i), "uint");
                    }
                }
            }
        }
    }

    /// <summary>Target-independent: the inverse of unpacking.</summary>
    public void Pack(CodeWriter code)
    {
        code.Doc("<summary>The inverse of <see cref=\"UnpackBlock\"/>; bits above a field's width are ignored.</summary>");
        using (code.Method("internal static void PackBlock(byte* codes, uint* parameters, byte* block)"))
        {
            string stored = Buffers.StoredType(_spec);
            code.Line($"ScalarIdioms.Clear(block, {_spec.Block.Bytes});");
            if (stored != "byte")
            {
                code.Line($"{stored}* entries = ({stored}*)codes;");
            }

            foreach (SliceSpec slice in _spec.Slices)
            {
                SliceWriter.Write(
                    code,
                    slice,
                    slice.Quantity >= 0 ? "parameters" : stored == "byte" ? "codes" : "entries",
                    slice.Quantity < 0 ? 0 : RowParameters.FirstEntry(_spec, slice.Quantity));
            }
        }
    }

    public void Dequantize(CodeWriter code)
    {
        code.Doc("<summary>Weights [0, k) of a row as f32, exactly as the declaration says.</summary>");
        using (code.Method("internal static void DequantizeRow(byte* row, byte* rowSide, byte* tensorSide, long k, float* y)"))
        {
            if (!HasVectors && target.HasRowVectors)
            {
                code.Line($"{scalarClass}.DequantizeRow(row, rowSide, tensorSide, k, y);");
                return;
            }

            Blocks(code, "y", (values, group) =>
            {
                string weight = values.Weight;
                code.Line(target.StoreSingle(values.Pointer, weight));
            });
            using (code.Block("if (k > 0)"))
            {
                code.Line($"{scalarClass}.DequantizePart(row, rowSide, tensorSide, (int)k, y);");
            }
        }

        if (!target.HasRowVectors)
        {
            code.Line();
            Part(code, "DequantizePart", "void", "y", weight => code.Line($"y[e] = {weight};"), null);
        }
    }

    public void DotFloat32(CodeWriter code)
    {
        code.Doc("<summary>Dot product of a row with k f32 activations.</summary>");
        using (code.Method("internal static float DotFloat32(byte* row, byte* rowSide, byte* tensorSide, long k, float* x)"))
        {
            if (!HasVectors && target.HasRowVectors)
            {
                code.Line($"return {scalarClass}.DotFloat32(row, rowSide, tensorSide, k, x);");
                return;
            }

            code.Line($"{target.Single} acc = {target.ZeroSingle};");
            Blocks(code, "x", (values, group) => code.Line($"acc = {target.MultiplyAdd(values.Weight, target.LoadSingle(values.Pointer), "acc")};"));
            code.Line($"float sum = {target.SumLanes("acc")};");
            using (code.Block("if (k > 0)"))
            {
                code.Line($"sum += {scalarClass}.DotPart(row, rowSide, tensorSide, (int)k, x);");
            }

            code.Line();
            code.Line("return sum;");
        }

        if (!target.HasRowVectors)
        {
            code.Line();
            Part(code, "DotPart", "float", "x", weight => code.Line($"sum += {weight} * x[e];"), "sum");
        }
    }

    /// <summary>Whole blocks of a row, a vector of weights at a time; the rest is left in <c>row</c>, <c>k</c> and the pointer.</summary>
    private void Blocks(CodeWriter code, string pointer, System.Action<(string Weight, string Pointer), string> body)
    {
        EagerOptimization.Write(code, target, "k", "row", "byte");
        var values = new ValueWriter(plan, target);
        values.DeclareTables(code);
        _parameters.Side(code);
        DeclareBuffers(code);
        using (code.Block($"for (; k >= {_spec.Block.Inputs}; k -= {_spec.Block.Inputs})"))
        {
            code.Line("UnpackCodes(row, codes);");
            if (RowParameters.EntriesPerBlock(_spec) > 0)
            {
                code.Line($"{(target.HasRowVectors ? scalarClass + "." : string.Empty)}UnpackParameters(row, parameters);");
            }

            int groups = _spec.Block.Inputs / _parameters.Group;
            if (groups == 1)
            {
                GroupBody(code, values, "0", pointer, body);
            }
            else
            {
                using (code.Block($"for (int group = 0; group < {groups}; group++)"))
                {
                    GroupBody(code, values, "group", pointer, body);
                }
            }

            code.Line($"row += {_spec.Block.Bytes};");
            code.Line($"{pointer} += {_spec.Block.Inputs};");
        }
    }

    private void GroupBody(CodeWriter code, ValueWriter values, string group, string pointer, System.Action<(string Weight, string Pointer), string> body)
    {
        (string scale, string zero, string min) = _parameters.OfGroup(code, group);
        string Splat(string name)
        {
            if (name.Length == 0 || !target.HasRowVectors)
            {
                return name;
            }

            code.Line($"{target.Single} {name}s = {target.SplatSingle(name)};");
            return name + "s";
        }

        (scale, zero, min) = (Splat(scale), Splat(zero), Splat(min));
        string first = IndexExpression.Times(group, _parameters.Group);
        using (code.Block($"for (int e = {first}; e < {IndexExpression.Sum(first, _parameters.Group.ToString())}; e += {target.Lanes})"))
        {
            string value = values.Load(code, "codes + e");
            body((values.Weight(value, scale, zero, min), $"{pointer} + e"), group);
        }
    }

    /// <summary>Scalar only: the first inputs of one block, which for short rows may end early in memory.</summary>
    private void Part(CodeWriter code, string name, string result, string pointer, System.Action<string> body, string? returned)
    {
        code.Doc($"<summary>The first <paramref name=\"count\"/> inputs of a row's last block.</summary>");
        using (code.Method($"internal static {result} {name}(byte* row, byte* rowSide, byte* tensorSide, int count, float* {pointer})"))
        {
            var values = new ValueWriter(plan, target);
            values.DeclareTables(code);
            _parameters.Side(code);
            DeclareBuffers(code);
            ShortTail.Read(code, _spec, "row", "count", "block", scalarClass);
            code.Line("UnpackCodes(block, codes);");
            if (RowParameters.EntriesPerBlock(_spec) > 0)
            {
                code.Line("UnpackParameters(block, parameters);");
            }

            if (returned is not null)
            {
                code.Line($"float {returned} = 0;");
            }

            using (code.Block("for (int e = 0; e < count; e++)"))
            {
                if (RowParameters.EntriesPerBlock(_spec) > 0 && _parameters.Group != _spec.Block.Inputs)
                {
                    code.Line($"int group = e / {_parameters.Group};");
                }

                (string scale, string zero, string min) = _parameters.OfGroup(code, _parameters.Group == _spec.Block.Inputs ? "0" : "group");
                string value = values.Load(code, "codes + e");
                body(values.Weight(value, scale, zero, min));
            }

            if (returned is not null)
            {
                code.Line();
                code.Line($"return {returned};");
            }
        }
    }

    private void DeclareBuffers(CodeWriter code) => Buffers.Declare(code, _spec, scalarClass);

    private void ReadSlices(CodeWriter code, int quantity, string entries, int entryBase, string type) =>
        SliceWriter.ReadAll(code, _spec, quantity, entries, entryBase, type);
}
