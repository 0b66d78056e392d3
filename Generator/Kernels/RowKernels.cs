using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the kernels over the interchange layout: unpack, pack, dequantize and the f32 dot product of a row.</summary>
/// <param name="plan">The format's plan.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="scalarClass">The format's class of plain C#.</param>
/// <param name="included">The project's targets of <see cref="Target.Includes"/>: they serve groups that this target's vectors do not fit.</param>
internal sealed class RowKernels(FormatPlan plan, Target target, string scalarClass, IReadOnlyList<Target> included)
{
    /// <summary>Vectors of a group that are written one after another; larger groups loop.</summary>
    private const int StraightVectors = 16;

    /// <summary>Bytes that are zeroed one after another; more are zeroed in a loop, with the whole block.</summary>
    private const int LargestStraightClear = 32;

    private readonly FormatSpec _spec = plan.Spec;
    private readonly RowParameters _parameters = new(plan.Spec);
    private readonly CodeLanes? _lanes = CodeLanes.Of(plan.Spec, target, StraightVectors);

    /// <summary>The side parameters of the last block: those of the matrix and, where inputs have tables, the tables of the block's inputs.</summary>
    private string PartTables => _spec.HasInputTables ? "tensorSide, (byte*)values" : "tensorSide";

    /// <summary>What indexes vectors: of a pointer's size, so that nothing is extended for every one.</summary>
    private string IndexType => target.HasRowVectors ? "long" : "int";

    /// <summary>Whether this target has row kernels of its own; otherwise <see cref="OtherClass"/> serves it.</summary>
    private bool HasVectors => target.HasRowVectors && _parameters.Group % target.Lanes == 0;

    /// <summary>
    /// The class whose row kernels serve a target with vectors that groups do not fill: a narrower target's or the scalar one. Of a family the
    /// first in the project has them.
    /// </summary>
    public static string OtherClass(FormatSpec spec, string scalarClass, IReadOnlyList<Target> included)
    {
        int group = new RowParameters(spec).Group;
        return included.FirstOrDefault(t => group % t.Lanes == 0 && !included.Any(other => other.Name == t.Extends)) is { } narrower ? EmittedNames.Class(spec.Type, narrower.Name) : scalarClass;
    }

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
        var expansion = new Expansion(plan, target);
        if (target.HasRowVectors)
        {
            expansion.TryIndices(code);
        }

        code.Doc("<summary>The codes of the inputs of one block.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method($"internal static void UnpackCodes(byte* block, {Buffers.ElementType(_spec)}* codes)"))
        {
            if (!CodeExtraction.TryCodes(code, _spec, target, "codes"))
            {
                if (target.HasRowVectors)
                {
                    if (!expansion.TryWrite(code, scalarClass))
                    {
                        code.Line($"{scalarClass}.UnpackCodes(block, codes);");
                    }
                }
                else if (_spec.StoresCodes)
                {
                    ReadSlices(code, SliceSpec.CodesQuantity, "codes", 0, stored);
                }
                else
                {
                    expansion.Write(code);
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

    /// <summary>The inverse of unpacking: codes in vectors where their layout permits.</summary>
    public void Pack(CodeWriter code)
    {
        var insertion = new CodeInsertion(_spec, target);
        IReadOnlyList<string>? statements = insertion.Statements();
        code.Doc("<summary>The inverse of <see cref=\"UnpackBlock\"/>; bits above a field's width are ignored.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method("internal static void PackBlock(byte* codes, uint* parameters, byte* block)"))
        {
            string stored = Buffers.StoredType(_spec);
            if (statements is null && target.HasRowVectors)
            {
                code.Line($"{scalarClass}.PackBlock(codes, parameters, block);");
                return;
            }

            foreach (string statement in statements ?? [])
            {
                code.Line(statement);
            }

            if (stored != "byte")
            {
                code.Line($"{stored}* entries = ({stored}*)codes;");
            }

            IEnumerable<SliceSpec> rest = statements is null ? _spec.Slices : _spec.Slices.Where(s => s.Quantity >= 0);
            ClearShared(code, rest.Where(s => !SliceWriter.IsWhole(s)), whole: statements is null);
            foreach (SliceSpec slice in rest)
            {
                SliceWriter.Write(
                    code,
                    slice,
                    slice.Quantity >= 0 ? "parameters" : stored == "byte" ? "codes" : "entries",
                    slice.Quantity < 0 ? 0 : RowParameters.FirstEntry(_spec, slice.Quantity));
            }
        }
    }

    /// <summary>Zeroes the bytes into which fields are or-ed and those of no field, or, where nothing was written yet and they are many, the <paramref name="whole"/> block.</summary>
    private void ClearShared(CodeWriter code, IEnumerable<SliceSpec> slices, bool whole)
    {
        var shared = new SortedSet<int>(slices.SelectMany(s => Enumerable.Range(s.First, s.Count).SelectMany(e => new[] { s.BitOf(e) / 8, (s.BitOf(e) + s.Bits - 1) / 8 })));
        shared.UnionWith(Enumerable.Range(0, _spec.Block.Bytes).Except(_spec.Slices.SelectMany(s =>
            Enumerable.Range(s.First, s.Count).SelectMany(e => Enumerable.Range(s.BitOf(e) / 8, ((s.BitOf(e) % 8) + s.Bits + 7) / 8)))));
        if (whole && shared.Count > LargestStraightClear)
        {
            code.Line($"ScalarIdioms.Clear(block, {_spec.Block.Bytes});");
            return;
        }

        foreach (int at in shared.ToList())
        {
            if (!shared.Contains(at))
            {
                continue;
            }

            int size = new[] { 8, 4, 2, 1 }.First(n => Enumerable.Range(at, n).All(shared.Contains));
            string type = size switch { 8 => "ulong", 4 => "uint", 2 => "ushort", _ => "byte" };
            code.Line($"*({type}*)({IndexExpression.Offset("block", $"{at}")}) = 0;");
            shared.ExceptWith(Enumerable.Range(at, size));
        }
    }

    public void Dequantize(CodeWriter code)
    {
        code.Doc("<summary>Weights [0, k) of a row as f32, exactly as the declaration says.</summary>");
        using (code.Method("internal static void DequantizeRow(byte* row, byte* rowSide, byte* tensorSide, long k, float* y)"))
        {
            if (!HasVectors && target.HasRowVectors)
            {
                code.Line($"{OtherClass(_spec, scalarClass, included)}.DequantizeRow(row, rowSide, tensorSide, k, y);");
                return;
            }

            Blocks(code, "y", values => code.Line(target.StoreSingle(values.Pointer, values.Weight)));
            using (code.Block("if (k > 0)"))
            {
                code.Line($"{scalarClass}.DequantizePart(row, rowSide, {PartTables}, (int)k, y);");
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
                code.Line($"return {OtherClass(_spec, scalarClass, included)}.DotFloat32(row, rowSide, tensorSide, k, x);");
                return;
            }

            code.Line($"{target.Single} acc = {target.ZeroSingle};");
            Blocks(code, "x", values => code.Line($"acc = {target.MultiplyAdd(values.Weight, target.LoadSingle(values.Pointer), "acc")};"));
            code.Line($"float sum = {target.SumLanes("acc")};");
            using (code.Block("if (k > 0)"))
            {
                code.Line($"sum += {scalarClass}.DotPart(row, rowSide, {PartTables}, (int)k, x);");
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
    private void Blocks(CodeWriter code, string pointer, System.Action<(string Weight, string Pointer)> body)
    {
        EagerOptimization.Write(code, target, "k", "row", "byte");
        var values = new ValueWriter(plan, target)
        {
            ChoosesTables = ValueWriter.ProfitsFromChoice(plan, target) && _spec.Parameters[_spec.Selector].Inputs % _parameters.Group == 0,
        };
        var vectors = target.HasRowVectors ? new RowVectorParameters(_spec, target, scalarClass) : null;
        values.DeclareTables(code);
        if (vectors is null)
        {
            _parameters.Side(code);
            DeclareBuffers(code);
        }
        else
        {
            if (_lanes is null)
            {
                Buffers.DeclareCodes(code, _spec, scalarClass);
            }

            vectors.Declare(code);
        }

        using (code.Block($"for (; k >= {_spec.Block.Inputs}; k -= {_spec.Block.Inputs})"))
        {
            PanelSource.Prefetch(code, target, "row", _spec.Block.Bytes);
            code.Line("byte* block = row;");
            if (_lanes is null)
            {
                code.Line("UnpackCodes(block, codes);");
            }
            else
            {
                _lanes.Declare(code);
            }

            if (vectors is not null)
            {
                vectors.Block(code);
            }
            else if (RowParameters.EntriesPerBlock(_spec) > 0)
            {
                code.Line("UnpackParameters(block, parameters);");
            }

            int groups = _spec.Block.Inputs / _parameters.Group;
            if (groups == 1)
            {
                GroupBody(code, values, vectors, "0", pointer, body);
            }
            else
            {
                using (code.Block($"for ({IndexType} group = 0; group < {groups}; group++)"))
                {
                    GroupBody(code, values, vectors, "group", pointer, body);
                }
            }

            values.NextBlock(code);
            code.Line($"row += {_spec.Block.Bytes};");
            code.Line($"{pointer} += {_spec.Block.Inputs};");
        }
    }

    private void GroupBody(CodeWriter code, ValueWriter values, RowVectorParameters? vectors, string group, string pointer, System.Action<(string Weight, string Pointer)> body)
    {
        (string scale, string zero, string min) = vectors is null ? _parameters.OfGroup(code, group) : vectors.OfGroup(code, group);
        void Weights(string codes, string floats, string input)
        {
            string value = values.Load(code, codes, input);
            body((values.Weight(value, scale, zero, min), floats));
        }

        if (_lanes is not null)
        {
            for (int e = 0; e < _parameters.Group; e += target.Lanes)
            {
                body((values.Weight(values.OfTop(code, _lanes.OnTop(e)), scale, zero, min), IndexExpression.Offset(pointer, $"{e}")));
            }

            return;
        }

        int vectorsOfGroup = _parameters.Group / target.Lanes;
        if (target.HasRowVectors && vectorsOfGroup <= StraightVectors)
        {
            string q = "codes";
            string w = pointer;
            if (!IndexExpression.IsConstant(group, out _))
            {
                code.Line($"{Buffers.ElementType(_spec)}* q = codes + {IndexExpression.Times(group, _parameters.Group)};");
                code.Line($"float* w = {pointer} + {IndexExpression.Times(group, _parameters.Group)};");
                (q, w) = ("q", "w");
            }

            values.ChooseTable(code, q);
            for (int e = 0; e < _parameters.Group; e += target.Lanes)
            {
                Weights(IndexExpression.Offset(q, $"{e}"), IndexExpression.Offset(w, $"{e}"), IndexExpression.Sum(IndexExpression.Times(group, _parameters.Group), $"{e}"));
            }

            return;
        }

        string first = IndexExpression.Times(group, _parameters.Group);
        values.ChooseTable(code, IndexExpression.Offset("codes", first));
        using (code.Block($"for ({IndexType} e = {first}; e < {IndexExpression.Sum(first, _parameters.Group.ToString())}; e += {target.Lanes})"))
        {
            Weights("codes + e", $"{pointer} + e", "e");
        }
    }

    /// <summary>Scalar only: the first inputs of one block, which for short rows may end early in memory.</summary>
    private void Part(CodeWriter code, string name, string result, string pointer, System.Action<string> body, string? returned)
    {
        code.Doc($"<summary>The first <paramref name=\"count\"/> inputs of a row's last block.</summary>");
        using (code.Method($"internal static {result} {name}(byte* row, byte* rowSide, byte* tensorSide, {(_spec.HasInputTables ? "byte* tables, " : string.Empty)}int count, float* {pointer})"))
        {
            var values = new ValueWriter(plan, target);
            values.DeclareTables(code, "tables");
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
                string value = values.Load(code, "codes + e", "e");
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
