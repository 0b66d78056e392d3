using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the encoder: the range of each group by the declared rule, parameters rounded to what is stored, codes to nearest. All
/// targets write the same bytes. Vector targets encode whole blocks; the scalar class also a last block that ends early, whose
/// missing inputs are absent from the range and take the code nearest zero.
/// </summary>
internal sealed class QuantizeKernel
{
    /// <summary>Byte vectors of codes of a group that are written one after another; larger groups loop.</summary>
    private const int StraightVectors = 4;

    private readonly FormatPlan _format;
    private readonly FormatSpec _spec;
    private readonly Target _target;
    private readonly string _scalarClass;
    private readonly string _otherClass;
    private readonly EncoderParameters _parameters;
    private readonly RangeWriter _range;
    private readonly CodeRounding _rounding;
    private readonly NearestEntry? _nearest;
    private readonly TableChoice? _tables;
    private readonly int _group;

    /// <param name="plan">The format's plan.</param>
    /// <param name="target">Prints the idioms.</param>
    /// <param name="scalarClass">The format's class of plain C#.</param>
    /// <param name="included">The project's targets of <see cref="Target.Includes"/>: they serve groups that this target's vectors do not fit.</param>
    public QuantizeKernel(FormatPlan plan, Target target, string scalarClass, IReadOnlyList<Target> included)
    {
        _otherClass = RowKernels.OtherClass(plan.Spec, scalarClass, included);
        _format = plan;
        _spec = plan.Spec;
        _target = target;
        _scalarClass = scalarClass;
        _parameters = new EncoderParameters(plan);
        _range = new RangeWriter(_spec.Encode.Range, target);
        _rounding = new CodeRounding(_spec, target, _parameters.Codes, _parameters.HasMin, _parameters.HasZero);
        _nearest = _spec.Codebook is null || _spec.Selector >= 0 ? null : new NearestEntry(_spec, target);
        _tables = _spec.Selector < 0 ? null : new TableChoice(_spec);
        _group = new RowParameters(_spec).Group;
    }

    /// <summary>Whether plain C# encodes on every target: a choice of tables for groups that are no whole vectors.</summary>
    private bool IsPlain => _tables is not null && _group % _target.RowBytes != 0;

    private bool InBlock => _parameters.Extent == ParameterExtent.Block;

    private int Groups => _spec.Block.Inputs / _group;

    private string Parameters => RowParameters.EntriesPerBlock(_spec) > 0 ? "parameters" : "null";

    public void Write(CodeWriter code)
    {
        if (_spec.Codes.Float is { } type)
        {
            new PlainFloatEncoder(_spec, type, _target, _scalarClass).Write(code);
            return;
        }

        if (_parameters.Extent == ParameterExtent.Tensor)
        {
            Tensor(code);
            code.Line();
        }

        code.Doc("<summary>Encodes one row of finite weights.</summary>");
        using (code.Method("internal static void QuantizeRow(float* x, long k, byte* row, byte* rowSide, byte* tensorSide)"))
        {
            if (!_target.HasRowVectors)
            {
                ScalarRow(code);
            }
            else if (_group % _target.Lanes == 0 && !IsPlain)
            {
                VectorRow(code);
            }
            else
            {
                code.Line($"{(IsPlain ? _scalarClass : _otherClass)}.QuantizeRow(x, k, row, rowSide, tensorSide);");
            }
        }

        if (_tables is not null && _target.HasRowVectors && !IsPlain)
        {
            code.Line();
            _parameters.ChooseTable(code, _tables, vectors: true);
            code.Line();
            _tables.WriteNearest(code, _target, _rounding);
        }

        if (!_target.HasRowVectors)
        {
            code.Line();
            Part(code);
            code.Line();
            if (_tables is null)
            {
                _parameters.Choose(code);
            }
            else
            {
                _parameters.ChooseTable(code, _tables);
            }

            code.Line();
            if (_parameters.Shrinks)
            {
                _parameters.Shrink(code);
                code.Line();
            }

            if (_parameters.Refits)
            {
                _parameters.Refit(code);
                code.Line();
            }

            Encode(code);
        }
    }

    private void Tensor(CodeWriter code)
    {
        code.Doc("<summary>Chooses the parameters that cover the whole matrix.</summary>");
        using (code.Method("internal static void QuantizeTensor(float* x, long stride, long rows, long k, byte* tensorSide)"))
        {
            _range.Matrix(code);
            code.Line($"{_scalarClass}.ChooseParameters({Statistics(string.Empty)}, out float scale, out float shift);");
            Improve(code, "x, stride, rows, k", "scale", "shift");
            _parameters.StoreSide(code);
        }
    }

    private void ScalarRow(CodeWriter code)
    {
        Side(code);
        using (code.Block($"for (; k > 0; k -= {_spec.Block.Inputs}, x += {_spec.Block.Inputs}, row += {_spec.Block.Bytes})"))
        {
            code.Line($"QuantizePart(x, (int)(k < {_spec.Block.Inputs} ? k : {_spec.Block.Inputs}), row{(InBlock ? string.Empty : ", scale, shift")}{(_parameters.HasRowScale ? ", unit" : string.Empty)});");
        }
    }

    /// <summary>Whole blocks in vectors, the rest by the scalar class.</summary>
    private void VectorRow(CodeWriter code)
    {
        EagerOptimization.Write(code, _target, "k", "row", "byte");
        _nearest?.Declare(code);
        Buffers.Declare(code, _spec, _scalarClass);
        DeclareWords(code);
        Side(code);
        if (!InBlock)
        {
            _rounding.Group(code, "scale", "shift", string.Empty);
        }

        string next = "x";
        if (_parameters.HasRowScale)
        {
            next = "next";
            code.Line($"{_scalarClass}.WeightBuffer weightBuffer;");
            code.Line("float* weights = (float*)&weightBuffer;");
            code.Line($"{_target.Single} units = {_target.SplatSingle("(unit == 0 ? float.PositiveInfinity : unit)")};");
            code.Line("float* next = x;");
        }

        using (code.Block($"for (; k >= {_spec.Block.Inputs}; k -= {_spec.Block.Inputs}, {next} += {_spec.Block.Inputs}, row += {_spec.Block.Bytes})"))
        {
            Fetch(code, next);
            if (_parameters.HasRowScale)
            {
                using (code.Block($"for (int e = 0; e < {_spec.Block.Inputs}; e += {_target.Lanes})"))
                {
                    string weight = _target.Divide(_target.LoadSingle("next + e"), "units");
                    code.Line(_target.StoreSingle("weights + e", _spec.Encode.RowIntegers ? _target.RoundSingle(weight) : $"({weight})"));
                }

                code.Line("x = weights;");
            }

            if (InBlock)
            {
                Loop.Over(code, "g", Groups, 1, g =>
                {
                    _range.Group(code, Offset("x", Times(g, _group)), _group, string.Empty);
                    if (_tables is not null)
                    {
                        code.Line($"{_tables.Entry(g)} = ChooseTable({Offset("x", Times(g, _group))}, {_group}, largest, codes, out scales[{g}]);");
                        code.Line($"shifts[{g}] = 0;");
                        return;
                    }

                    code.Line($"{_scalarClass}.ChooseParameters({Statistics(string.Empty)}, out scales[{g}], out shifts[{g}]);");
                    Improve(code, $"{Offset("x", Times(g, _group))}, 0, 1, {_group}", $"scales[{g}]", $"shifts[{g}]");
                });
                _parameters.StoreBlock(code);
            }

            Codes(code);
            Derived(code);
            string codes = _spec.Digits.Count == 0 ? "codes" : Buffers.StoredType(_spec) == "byte" ? "words" : "(byte*)words";
            code.Line($"PackBlock({codes}, {Parameters}, row);");
        }

        using (code.Block("if (k > 0)"))
        {
            code.Line($"{_scalarClass}.QuantizePart({next}, (int)k, row{(InBlock ? string.Empty : ", scale, shift")}{(_parameters.HasRowScale ? ", unit" : string.Empty)});");
        }
    }

    /// <summary>Fetches as many weights as a block has, ahead of it.</summary>
    private void Fetch(CodeWriter code, string pointer)
    {
        for (int line = 0; line < _spec.Block.Inputs && _target.Prefetch(pointer) is { Length: > 0 }; line += RowIdioms.LineWeights)
        {
            code.Line(_target.Prefetch($"{pointer} + {RowIdioms.FetchAhead + line}"));
        }
    }

    /// <summary>The parameters outside the block, or the buffers of those in it.</summary>
    private void Side(CodeWriter code)
    {
        if (_parameters.HasRowScale)
        {
            _parameters.StoreRow(code, _target.HasRowVectors ? _target.RowSupport : "EncoderIdioms");
            if (_target.HasRowVectors)
            {
                DeclareGroups(code);
            }

            return;
        }

        switch (_parameters.Extent)
        {
            case ParameterExtent.Row:
                _range.Span(code, "x", "k");
                code.Line($"{_scalarClass}.ChooseParameters({Statistics(string.Empty)}, out float scale, out float shift);");
                Improve(code, "x, 0, 1, k", "scale", "shift");
                _parameters.StoreSide(code);
                break;
            case ParameterExtent.Tensor:
                _parameters.LoadSide(code);
                break;
            default:
                if (_target.HasRowVectors)
                {
                    DeclareGroups(code);
                }

                break;
        }
    }

    private void DeclareGroups(CodeWriter code)
    {
        code.Line($"{_scalarClass}.{EntryBuffers.Groups} scaleBuffer;");
        code.Line("float* scales = (float*)&scaleBuffer;");
        code.Line($"{_scalarClass}.{EntryBuffers.Groups} shiftBuffer;");
        code.Line("float* shifts = (float*)&shiftBuffer;");
    }

    /// <summary>
    /// The codes of a block into <c>codes</c>, a byte vector at a time. A vector may take several groups, each with its own scale; what
    /// a narrower group leaves of a vector is overwritten by the next, the last in the buffer's padding.
    /// </summary>
    private void Codes(CodeWriter code)
    {
        int group = InBlock ? _group : _spec.Block.Inputs;
        int groups = _spec.Block.Inputs / group;
        if (_tables is not null)
        {
            Loop.Over(code, "g", groups, 1, g =>
                code.Line($"{TableChoice.Nearest}({Offset("x", Times(g, group))}, {group}, scales[{g}], {_tables.Entry(g)}, {Offset("codes", Times(g, group))});"));
            return;
        }

        int together = Enumerable.Range(1, groups).Last(n => n == 1 || (groups % n == 0 && n * group <= _target.RowBytes));
        Loop.Over(code, "g", groups, together, g =>
        {
            if (InBlock)
            {
                for (int s = 0; s < together; s++)
                {
                    string entry = Sum(g, $"{s}");
                    _rounding.Group(code, $"scales[{entry}]", $"shifts[{entry}]", $"{s}");
                }
            }

            string Suffix(int at) => InBlock ? $"{at / group}" : string.Empty;
            int inputs = together * group;
            string first = Times(g, group);
            if (inputs <= StraightVectors * _target.RowBytes || inputs % _target.RowBytes != 0)
            {
                for (int at = 0; at < inputs; at += _target.RowBytes)
                {
                    Vector(code, Sum(first, $"{at}"), System.Math.Min(_target.RowBytes, inputs - at), v => Suffix(at + v));
                }

                return;
            }

            using (code.Block($"for (int e = {first}; e < {Sum(first, $"{inputs}")}; e += {_target.RowBytes})"))
            {
                Vector(code, "e", _target.RowBytes, v => Suffix(v));
            }
        });
    }

    /// <summary>One byte vector of codes, of as many inputs as there are.</summary>
    private void Vector(CodeWriter code, string at, int inputs, System.Func<int, string> suffix)
    {
        bool together = _nearest is null && inputs == 4 * _target.Lanes && _rounding.RoundsTogether;
        var lanes = new List<string>();
        for (int e = 0; e < inputs; e += _target.Lanes)
        {
            string scaled = _rounding.Scaled(code, _target.LoadSingle(Offset("x", at, $"{e}")), suffix(e));
            lanes.Add(_nearest is not null ? _nearest.Rank(code, scaled)
                : together ? _rounding.Bounded(code, scaled, suffix(e))
                : _rounding.Code(code, scaled, suffix(e)));
        }

        while (lanes.Count < 4)
        {
            lanes.Add(_target.ConstantInt32(0));
        }

        string bytes = together
            ? _target.RoundAwayToBytes(lanes[0], lanes[1], lanes[2], lanes[3])
            : _target.NarrowToBytes(lanes[0], lanes[1], lanes[2], lanes[3]);
        code.Line(_target.StoreBytes(Offset("codes", at), $"({(_nearest is null ? bytes : _nearest.Codes(bytes))})"));
    }

    /// <summary>Scalar only: one block, which may end early.</summary>
    private void Part(CodeWriter code)
    {
        code.Doc("<summary>Encodes the first <paramref name=\"count\"/> inputs of a block.</summary>");
        using (code.Method($"internal static void QuantizePart(float* x, int count, byte* row{(InBlock ? string.Empty : ", float scale, float shift")}{(_parameters.HasRowScale ? ", float unit" : string.Empty)})"))
        {
            Buffers.Declare(code, _spec, _scalarClass);
            DeclareWords(code);
            if (_parameters.HasRowScale)
            {
                InUnits(code);
            }

            if (InBlock)
            {
                DeclareGroups(code);
                Loop.Over(code, "g", Groups, 1, g =>
                {
                    string first = Times(g, _group);
                    code.Line($"int present = EncoderIdioms.Clamp({(first == "0" ? "count" : $"count - {first}")}, 0, {_group});");
                    _range.Span(code, Offset("x", first), "present");
                    if (_tables is not null)
                    {
                        code.Line($"{_tables.Entry(g)} = ChooseTable({Offset("x", first)}, present, largest, out scales[{g}]);");
                        code.Line($"shifts[{g}] = 0;");
                        return;
                    }

                    code.Line($"ChooseParameters({Statistics(string.Empty)}, out scales[{g}], out shifts[{g}]);");
                    Improve(code, $"{Offset("x", first)}, 0, 1, present", $"scales[{g}]", $"shifts[{g}]");
                });
                _parameters.StoreBlock(code);
                code.Line();
            }

            using (code.Block($"for (int e = 0; e < {_spec.Block.Inputs}; e++)"))
            {
                string group = Groups == 1 ? "0" : $"e / {_group}";
                string table = _tables is null ? string.Empty : ", " + _tables.Entry(group);
                code.Line($"codes[e] = Encode(e < count ? x[e] : 0f, {(InBlock ? $"scales[{group}], shifts[{group}]" : "scale, shift")}{table});");
            }

            Derived(code);
            ShortTail.Write(code, _spec, "row", "count", Parameters, _scalarClass);
        }
    }

    /// <summary>Puts the weights in units of the row's scale in place of <c>x</c>.</summary>
    private void InUnits(CodeWriter code)
    {
        code.Line("WeightBuffer weightBuffer;");
        code.Line("float* weights = (float*)&weightBuffer;");
        using (code.Block("for (int e = 0; e < count; e++)"))
        {
            code.Line($"weights[e] = unit == 0 ? 0 : {(_spec.Encode.RowIntegers ? "MathF.Round(x[e] / unit)" : "x[e] / unit")};");
        }

        code.Line("x = weights;");
    }

    /// <summary>What follows from the codes of a block: stored sums, words of digits; and its unused bits.</summary>
    private void Derived(CodeWriter code)
    {
        _parameters.StoreSums(code, InBlock ? _group : null);
        _parameters.StorePads(code);
        if (_spec.Digits.Count != 0)
        {
            new DigitExpansion(_spec, _target).WriteWords(code);
        }
    }

    private void DeclareWords(CodeWriter code)
    {
        if (_spec.Digits.Count != 0)
        {
            code.Line($"{_scalarClass}.StoredBuffer storedBuffer;");
            code.Line($"{Buffers.StoredType(_spec)}* words = ({Buffers.StoredType(_spec)}*)&storedBuffer;");
        }
    }

    /// <summary>Scalar only: the code of one weight.</summary>
    private void Encode(CodeWriter code)
    {
        code.Doc(_nearest is null && _tables is null ? "<summary>The code nearest to a weight.</summary>" : "<summary>The code of the table entry nearest to a weight.</summary>");
        using (code.Method($"internal static byte Encode(float x, float scale, float shift{(_tables is null ? string.Empty : ", uint table")})"))
        {
            _nearest?.Declare(code);
            _rounding.Group(code, "scale", "shift", string.Empty);
            string scaled = _rounding.Scaled(code, "x", string.Empty);
            if (_tables is not null)
            {
                _tables.OfScaled(code, scaled);
                return;
            }

            code.Line($"return (byte)({(_nearest is null ? _rounding.Code(code, scaled, string.Empty) : _nearest.Rank(code, scaled))});");
        }
    }

    /// <summary>Tries smaller ranges, and fits the chosen parameters of weights, where the declaration says so.</summary>
    private void Improve(CodeWriter code, string weights, string scale, string shift)
    {
        if (_parameters.Shrinks)
        {
            code.Line($"{_scalarClass}.Shrink({weights}, {Statistics(string.Empty)}, ref {scale}, ref {shift});");
        }

        if (_parameters.Refits)
        {
            code.Line($"{_scalarClass}.Refit({weights}, ref {scale}, ref {shift});");
        }
    }

    private string Statistics(string suffix) => string.Join(", ", _parameters.Statistics.Select(s => s + suffix));
}
