using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the body of an int8 product of one panel with MR rows of activations. GEMV (weights from the panel) and the GEMM
/// micro-kernels (weights from a tile) are this one program, so that they take the same float steps in the same order and
/// agree bit for bit.
/// </summary>
/// <param name="shape">What is multiplied and applied.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="source">Where weights come from.</param>
/// <param name="rows">MR, rows of activations.</param>
internal sealed class ProductWriter(TileShape shape, Target target, WeightSource source, int rows)
{
    private readonly SegmentLoop _loop = SegmentLoop.Of(shape, source.Stretch);
    private readonly Dictionary<int, string> _activations = [];
    private readonly RowTableProducts? _byRow = rows == 1 && source is PanelSource { LooksUpByRow: true } panel ? new(shape, target, panel) : null;
    private int _x;

    // Of the group that is written, among those that share its chunk.
    private int _firstQuad;

    /// <summary>Writes the product of the panel's rows: locals <c>activations</c>, <c>blocks</c>, <c>y</c>, <c>ldy</c>.</summary>
    public void Write(CodeWriter code)
    {
        string row = "0";
        if (target.Lanes == shape.Rows)
        {
            Rows(code, row);
            return;
        }

        row = "row";
        using (code.Block($"for (int row = 0; row < {shape.Rows}; row += {target.Lanes})"))
        {
            Rows(code, row);
        }
    }

    private void Rows(CodeWriter code, string row)
    {
        source.BeginRows(code, row);
        code.Line("byte* a = activations;");
        ForEachRow(m => code.Line($"{target.Single} acc{m} = {target.ZeroSingle};"));
        using (code.Block("for (long b = 0; b < blocks; b++)"))
        {
            int straight = StraightGroups;
            source.BeginBlock(code, row, straight < shape.GroupsPerBlock || _loop.ChunksPerSegment > 1 || Advances);
            if (straight < shape.GroupsPerBlock)
            {
                using (code.Block($"for (int g = 0; g < {shape.GroupsPerBlock / straight}; g++)"))
                {
                    Groups(code, "g", straight, row);
                }
            }
            else
            {
                Groups(code, "0", straight, row);
            }

            source.EndBlock(code);
        }

        ForEachRow(m => code.Line(target.StoreSingle(Offset("y", m == 0 ? "0" : m == 1 ? "ldy" : $"({m} * ldy)", row), $"acc{m}")));
    }

    /// <summary>
    /// Groups that are walked straight: as many as fill whole chunks of quads, whose code planes are addressed by constants, or all of the block.
    /// </summary>
    private int StraightGroups
    {
        get
        {
            int quads = shape.SegmentsPerGroup * shape.QuadsPerSegment;
            return Enumerable.Range(1, shape.GroupsPerBlock).First(n => n == shape.GroupsPerBlock || (n * quads % PanelPlan.ChunkQuads == 0 && shape.GroupsPerBlock % n == 0));
        }
    }

    /// <summary>Whether the codes of a unit of segments are left behind when it is done.</summary>
    private bool Advances => _loop.Units > 1 || (shape.GroupsPerBlock > 1 && StraightGroups == 1);

    /// <summary>Writes groups one after another; those that share a chunk leave <c>w</c> where it is until the last.</summary>
    private void Groups(CodeWriter code, string turn, int count, string row)
    {
        if (count == 1)
        {
            Group(code, turn, row);
            return;
        }

        int quads = shape.SegmentsPerGroup * shape.QuadsPerSegment;
        for (int i = 0; i < count; i++)
        {
            _firstQuad = i * quads;
            using (code.Block(string.Empty))
            {
                Group(code, Sum(Times(turn, count), $"{i}"), row);
            }
        }

        _firstQuad = 0;
        if (turn != "0")
        {
            source.Advance(code, count * quads);
        }
    }

    private void Group(CodeWriter code, string group, string row)
    {
        int quads = shape.SegmentsPerGroup * shape.QuadsPerSegment;
        code.Line("byte* q = a;");
        code.Line($"byte* d = a + {4 * rows * quads};");
        if (shape.Integer)
        {
            ForEachRow(m => code.Line($"{target.Int32} total{m} = {target.ConstantInt32(0)};"));
        }

        if (_loop.Units > 1)
        {
            using (code.Block($"for (int u = 0; u < {_loop.Units}; u++)"))
            {
                Unit(code, "u", group, row);
            }
        }
        else
        {
            Unit(code, "0", group, row);
        }

        if (shape.Integer)
        {
            IntegerStep(code, row);
        }

        code.Line($"a += {4 * rows * shape.GroupWords};");
    }

    private void Unit(CodeWriter code, string unit, string group, string row)
    {
        int quad = 0;
        string pairs = string.Empty;
        for (int i = 0; i < _loop.SegmentsPerUnit; i++)
        {
            string inGroup = Sum(Times(unit, _loop.SegmentsPerUnit), i.ToString());
            string segment = Sum(Times(group, shape.SegmentsPerGroup), inGroup);
            if (shape.Integer && i % 2 == 0)
            {
                pairs = source.ScalePairs(code, Sum(Times(unit, (_loop.SegmentsPerUnit + 1) / 2), (i / 2).ToString()), row);
            }

            string scale = shape.Integer ? target.ScaleOf(pairs, i % 2) : string.Empty;
            if (shape.Integer)
            {
                string name = $"scale{i}";
                code.Line($"{target.IntegerScale} {name} = {scale};");
                scale = name;
            }

            if (_loop.ChunksPerSegment > 1)
            {
                LongSegment(code, i, scale, row);
            }
            else
            {
                ShortSegment(code, i, quad, scale, row);
                quad += shape.QuadsPerSegment;
            }

            if (!shape.Integer)
            {
                SegmentStep.Write(code, shape, target, rows, source.Segment(code, segment, row), inGroup, m => $"sum{i}_{m}", m => $"acc{m}", hasOffsets: source.LargestMagnitude is not null);
            }
        }

        if (Advances && _loop.ChunksPerSegment == 1)
        {
            source.Advance(code, quad);
            code.Line($"q += {4 * rows * quad};");
        }

        Forget();
    }

    /// <summary>A segment walked straight: partial sums are widened as often as their range demands.</summary>
    private void ShortSegment(CodeWriter code, int i, int firstQuad, string scale, string row)
    {
        if (source.Stretch > 0)
        {
            InPlace(code, i, firstQuad, carried: false, first: true, row);
            return;
        }

        if (_byRow is not null)
        {
            _byRow.Add(code, i, (firstQuad, shape.QuadsPerSegment), _firstQuad + firstQuad, isFirst: true, row);
            _byRow.Declare(code, i, $"sum{i}_0");
            return;
        }

        for (int quad = 0; quad < shape.QuadsPerSegment; quad++)
        {
            bool last = quad % Depth == Depth - 1 || quad == shape.QuadsPerSegment - 1;
            Products(code, i, firstQuad + quad, new Run(quad / Depth, quad % Depth == 0, last, quad < Depth), scale, row);
        }
    }

    /// <summary>A segment walked in chunks; sums are carried as narrow as they fit.</summary>
    private void LongSegment(CodeWriter code, int i, string scale, string row)
    {
        if (_byRow is not null)
        {
            LongSegmentByRow(code, i, _byRow, row);
            return;
        }

        bool carryPartial = Depth >= shape.QuadsPerSegment;
        if (carryPartial)
        {
            ForEachRow(m =>
            {
                for (int p = 0; p < shape.Planes; p++)
                {
                    code.Line($"{target.Partial} {PartialName(i, 0, m, p)} = default;");
                }
            });
        }
        else if (!shape.Integer)
        {
            ForEachRow(m => code.Line($"{target.Int32} sum{i}_{m} = {target.ConstantInt32(0)};"));
        }

        using (code.Block($"for (int c = 0; c < {_loop.ChunksPerSegment}; c++)"))
        {
            for (int quad = 0; quad < _loop.QuadsPerChunk && source.Stretch == 0; quad++)
            {
                bool last = !carryPartial && (quad % Depth == Depth - 1 || quad == _loop.QuadsPerChunk - 1);
                Products(code, i, quad, new Run(carryPartial ? 0 : quad / Depth, !carryPartial && quad % Depth == 0, last, false), scale, row);
            }

            if (source.Stretch > 0)
            {
                InPlace(code, i, 0, carryPartial, first: false, row);
            }

            source.Advance(code, _loop.QuadsPerChunk);
            code.Line($"q += {4 * rows * _loop.QuadsPerChunk};");
            Forget();
        }

        if (carryPartial)
        {
            ForEachRow(m => Widen(code, i, m, [.. Enumerable.Range(0, shape.Planes).Select(p => PartialName(i, 0, m, p))], first: true, scale));
        }
    }

    /// <summary>The same of rows that look up by themselves.</summary>
    private void LongSegmentByRow(CodeWriter code, int i, RowTableProducts products, string row)
    {
        products.Declare(code, i);
        using (code.Block($"for (int c = 0; c < {_loop.ChunksPerSegment}; c++)"))
        {
            products.Add(code, i, (0, _loop.QuadsPerChunk), 0, isFirst: false, row);
            source.Advance(code, _loop.QuadsPerChunk);
            code.Line($"q += {4 * _loop.QuadsPerChunk};");
            Forget();
        }

        products.Declare(code, i, $"sum{i}_0");
    }

    /// <summary>
    /// A stretch of quads of fields in place, for one row of activations: those of every second field are summed apart and shifted back.
    /// See <see cref="FieldsInPlace"/>.
    /// </summary>
    /// <param name="code">The kernel.</param>
    /// <param name="i">The segment in the unit.</param>
    /// <param name="firstQuad">The first quad.</param>
    /// <param name="carried">Whether the segment's partial sum is carried from stretch to stretch.</param>
    /// <param name="first">Whether the segment has no sum yet.</param>
    /// <param name="row">The first row of weights.</param>
    private void InPlace(CodeWriter code, int i, int firstQuad, bool carried, bool first, string row)
    {
        string plain = PartialName(i, 0, 0, 0);
        string shifted = plain + "x";
        bool hasPlain = carried;
        bool hasShifted = false;
        int shift = 0;
        for (int quad = 0; quad < source.Stretch; quad++)
        {
            string weights = source.Quad(code, firstQuad + quad, row)[0];
            (string x, int? lane) = Activations(code, firstQuad + quad, uses: 1);
            bool high = FieldsInPlace.Shift(quad) > 0;
            shift = System.Math.Max(shift, FieldsInPlace.Shift(quad));
            string name = high ? shifted : plain;
            bool has = high ? hasShifted : hasPlain;
            code.Line($"{(has ? string.Empty : target.Partial + " ")}{name} = {target.Dot(has ? name : null, weights, x, lane)};");
            hasPlain |= !high;
            hasShifted |= high;
        }

        string sum = target.AddShifted(plain, shifted, shift);
        if (carried)
        {
            code.Line($"{plain} = {sum};");
        }
        else
        {
            Widen(code, i, 0, [$"({sum})"], first, string.Empty);
        }
    }

    /// <summary>
    /// The products of one quad with every row of activations, added to partial sums. A run that ends here is widened row by
    /// row at once: the JIT keeps the order of the statements, and a row's partial sum is then dead before the next row's.
    /// </summary>
    private void Products(CodeWriter code, int i, int quad, Run run, string scale, string row)
    {
        string[] weights = source.Quad(code, _firstQuad + quad, row);
        foreach (PreparedOperand operand in weights.SelectMany(w => Signed ? target.PrepareSigned(w) : [], (w, operand) => operand with { Suffix = w + operand.Suffix }))
        {
            code.Line($"{operand.Type} {operand.Suffix} = {operand.Value};");
        }

        ForEachRow(m =>
        {
            (string x, int? lane) = Activations(code, (quad * rows) + m, source.LargestMagnitude is null ? weights.Length : 1);
            if (source.LargestMagnitude is not null)
            {
                x = Reused(code, target.SignedBy(x, source.Signs), weights.Length);
            }

            var partials = new string[weights.Length];
            for (int p = 0; p < weights.Length; p++)
            {
                string name = PartialName(i, run.Index, m, p);
                string? sum = run.First ? null : name;
                string dot = Signed ? target.DotSigned(sum, weights[p], x, lane) : target.Dot(sum, weights[p], x, lane);
                partials[p] = run.Last ? $"({dot})" : name;
                if (!run.Last)
                {
                    code.Line(run.First ? $"{target.Partial} {name} = {dot};" : $"{name} = {dot};");
                }
            }

            if (run.Last)
            {
                Widen(code, i, m, partials, run.FirstOfSegment, scale);
            }
        });
    }

    /// <summary>
    /// A quad of activations for so many products: broadcast, or one lane of a plain load where every load of the loop is whole. One product is given the broadcast itself: as a local of
    /// its own the JIT may keep it for products that it moved to where their sums are used, and spill it.
    /// </summary>
    private (string Value, int? Lane) Activations(CodeWriter code, int word, int uses)
    {
        int quads = _loop.ChunksPerSegment > 1 ? _loop.QuadsPerChunk : _loop.SegmentsPerUnit * shape.QuadsPerSegment;
        if (target.QuadsPerLoad == 1 || quads * rows % target.QuadsPerLoad != 0)
        {
            return (Reused(code, target.BroadcastQuad("q", 4 * word), uses), null);
        }

        int first = word / target.QuadsPerLoad * target.QuadsPerLoad;
        if (!_activations.TryGetValue(first, out string? name))
        {
            name = "x" + _x++;
            code.Line($"{target.Activations} {name} = {target.AsActivations(target.LoadBytes(Offset("q", $"{4 * first}")))};");
            _activations.Add(first, name);
        }

        return (name, word - first);
    }

    /// <summary>Activations for so many uses, declared where there are several.</summary>
    private string Reused(CodeWriter code, string activations, int uses)
    {
        if (uses == 1)
        {
            return activations;
        }

        string x = "x" + _x++;
        code.Line($"{target.Activations} {x} = {activations};");
        return x;
    }

    /// <summary>Widens one row's partial sums into the segment's sum, or, with integer scales, into the group's total.</summary>
    private void Widen(CodeWriter code, int i, int m, string[] partials, bool first, string scale)
    {
        if (shape.Integer)
        {
            code.Line($"total{m} = {target.AddScaled($"total{m}", partials[0], scale)};");
            return;
        }

        string wide = shape.Planes == 1
            ? target.Widen(partials[0])
            : target.AddInt32(target.WidenTimes(partials[0], 1 << shape.PlaneShift), target.Widen(partials[1]));
        code.Line(first ? $"{target.Int32} sum{i}_{m} = {wide};" : $"sum{i}_{m} = {target.AddInt32($"sum{i}_{m}", wide)};");
    }

    /// <summary>acc += total * (scale * d), and + Σ(integer min * Σq) * (min * d); the correction enters through the scales' sums.</summary>
    private void IntegerStep(CodeWriter code, string row)
    {
        bool corrected = shape.Correction != 0;
        if (corrected || shape.HasMin)
        {
            ForEachRow(m =>
            {
                if (corrected)
                {
                    code.Line($"{target.Int32} scaled{m} = {target.ConstantInt32(0)};");
                }

                if (shape.HasMin)
                {
                    code.Line($"{target.Int32} least{m} = {target.ConstantInt32(0)};");
                }
            });
            using (code.Block($"for (int p = 0; p < {shape.PairsPerGroup}; p++)"))
            {
                string scales = corrected ? source.ScalePairs(code, "p", row) : string.Empty;
                string mins = shape.HasMin ? source.MinPairs(code, "p", row) : string.Empty;
                ForEachRow(m =>
                {
                    string x = "x" + _x++;
                    code.Line($"{target.Pairs} {x} = {target.BroadcastPairs(Offset("d", $"{4 * rows}", Times("p", 4 * rows), $"{4 * m}"))};");
                    if (corrected)
                    {
                        code.Line($"scaled{m} = {target.AddInt32($"scaled{m}", target.DotPairs(scales, x))};");
                    }

                    if (shape.HasMin)
                    {
                        code.Line($"least{m} = {target.AddInt32($"least{m}", target.DotPairs(mins, x))};");
                    }
                });
            }
        }

        (string scale, string min) = source.Outer;
        ForEachRow(m =>
        {
            string total = corrected
                ? target.AddInt32($"total{m}", target.MultiplyInt32($"scaled{m}", target.ConstantInt32(shape.Correction)))
                : $"total{m}";
            string step = target.BroadcastSingle(Offset("d", $"{4 * m}"));
            code.Line($"acc{m} = {target.MultiplyAdd(target.ToSingle(total), target.Multiply(scale, step), $"acc{m}")};");
            if (shape.HasMin)
            {
                code.Line($"acc{m} = {target.MultiplyAdd(target.ToSingle($"least{m}"), target.Multiply(min, step), $"acc{m}")};");
            }
        });
    }

    /// <summary>Whether weights are multiplied as signed bytes.</summary>
    private bool Signed => shape.Signed && !shape.Rebased && source.LargestMagnitude is null;

    /// <summary>Products that add up in a partial sum. Signed ones are at most largest * 127 too, two to a partial sum.</summary>
    private int Depth { get; } = System.Math.Max(1, target.PartialDepth(source.LargestMagnitude ?? shape.Largest));

    private static string PartialName(int i, int run, int m, int plane) => $"part{i}_{run}_{m}" + (plane == 0 ? string.Empty : "l");

    private void Forget()
    {
        (source as PanelSource)?.ForgetLoads();
        _activations.Clear();
    }

    private void ForEachRow(System.Action<int> write) => Enumerable.Range(0, rows).ToList().ForEach(write);

    /// <summary>A run of quads whose products add up in one partial sum.</summary>
    /// <param name="Index">Its number in the segment.</param>
    /// <param name="First">Whether this quad is its first.</param>
    /// <param name="Last">Whether this quad is its last.</param>
    /// <param name="FirstOfSegment">Whether the segment has no sum yet.</param>
    private readonly record struct Run(int Index, bool First, bool Last, bool FirstOfSegment);
}
