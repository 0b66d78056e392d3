using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the body of the product of one panel with one row of activations, whose sums are looked up (<see cref="TableProducts"/>): per quad two
/// lookups give the low and the high bytes of the sums of as many rows as a vector has bytes. The segments' sums are the integers that
/// <see cref="ProductWriter"/> finds, the float steps are its own, so that both agree bit for bit.
/// </summary>
/// <param name="plan">The format's plan.</param>
/// <param name="shape">What is applied.</param>
/// <param name="target">Prints the idioms.</param>
internal sealed class TableProductWriter(FormatPlan plan, TileShape shape, Target target)
{
    /// <summary>Quads walked straight.</summary>
    private const int StraightQuads = 8;

    /// <summary>Vectors of 32-bit lanes that the rows of a vector of bytes take.</summary>
    private const int Vectors = TableProducts.TallPanels;

    private readonly PanelParameters[] _parameters = [.. Enumerable.Range(0, Vectors).Select(j => new PanelParameters(plan, target, $"p{j}_"))];

    /// <summary>The block's parameters are then used once, after the lookups: read there, they take no registers before.</summary>
    private bool OneSegment => shape.SegmentsPerBlock == 1;

    /// <summary>Writes the product: locals <c>panel</c>, <c>activations</c> (with tables), <c>blocks</c>, <c>y</c>.</summary>
    public void Write(CodeWriter code)
    {
        int rows = Vectors * target.Lanes;
        if (rows == plan.Panel.Rows)
        {
            Rows(code, "0");
            return;
        }

        using (code.Block($"for (int row = 0; row < {plan.Panel.Rows}; row += {rows})"))
        {
            Rows(code, "row");
        }
    }

    private void Rows(CodeWriter code, string row)
    {
        ForEachVector(j => _parameters[j].Header(code, Row(row, j)));
        ForEachVector(j => code.Line($"{target.Single} acc{j} = {target.ZeroSingle};"));
        code.Line($"byte* block = {Offset("panel", $"{plan.Panel.HeaderBytes}")};");
        code.Line("byte* a = activations;");
        using (code.Block("for (long b = 0; b < blocks; b++)"))
        {
            if (!OneSegment)
            {
                ForEachVector(j => _parameters[j].Block(code, Row(row, j), integer: false));
            }

            PanelSource.Prefetch(code, target, "block", plan.Panel.CodesAt);
            code.Line($"byte* w = {Offset("block", $"{plan.Panel.CodesAt}", row)};");
            Loop(code, "g", shape.GroupsPerBlock, group => Group(code, group, row));
            code.Line($"block += {plan.Panel.BlockBytes};");
        }

        ForEachVector(j => code.Line(target.StoreSingle(Offset("y", Row(row, j)), $"acc{j}")));
    }

    private void Group(CodeWriter code, string group, string row)
    {
        int quads = shape.SegmentsPerGroup * shape.QuadsPerSegment;
        code.Line($"byte* d = a + {TableProducts.TableBytes * quads};");
        Loop(code, "s", shape.SegmentsPerGroup, segment => Segment(code, segment, Sum(Times(group, shape.SegmentsPerGroup), segment), row));
        code.Line($"a = d + {4 * (shape.GroupWords - quads)};");
    }

    private void Segment(CodeWriter code, string inGroup, string segment, string row)
    {
        code.Line($"{target.TableSum} low = default;");
        code.Line($"{target.TableSum} high = default;");
        int straight = shape.QuadsPerSegment % StraightQuads == 0 ? StraightQuads : 2;
        Loop(code, "c", shape.QuadsPerSegment / straight, _ =>
        {
            for (int quad = 0; quad < straight; quad++)
            {
                if (quad % 2 == 0)
                {
                    code.Line($"{target.Bytes} codes{quad / 2} = {target.LoadBytes(Offset("w", $"{quad / 2 * plan.Panel.Rows}"))};");
                }

                int table = quad * TableProducts.TableBytes;
                code.Line($"{target.Bytes} index{quad} = {target.Field($"codes{quad / 2}", 4 * (quad % 2), 0, 0x0F)};");
                code.Line($"{target.Bytes} lower{quad} = {target.LookupAt(Offset("a", $"{table}"), $"index{quad}")};");
                code.Line($"{target.Bytes} upper{quad} = {target.LookupAt(Offset("a", $"{table + 16}"), $"index{quad}")};");
                code.Line($"low = {target.AddEntries("low", $"lower{quad}", $"upper{quad}", 0)};");
                code.Line($"high = {target.AddEntries("high", $"lower{quad}", $"upper{quad}", 1)};");
            }

            PanelSource.Prefetch(code, target, "w", straight / 2 * plan.Panel.Rows);
            code.Line($"w += {straight / 2 * plan.Panel.Rows};");
            code.Line($"a += {straight * TableProducts.TableBytes};");
        });
        ForEachVector(j =>
        {
            if (OneSegment)
            {
                _parameters[j].Block(code, Row(row, j), integer: false);
            }

            code.Line($"{target.Int32} sum{j} = {target.TableRows("low", "high", j)};");
            for (int step = plan.Form.Step; step > 1; step /= 2)
            {
                code.Line($"sum{j} = {target.AddInt32($"sum{j}", $"sum{j}")};");
            }

            (string Scale, string Zero, string Min) names = _parameters[j].Segment(code, segment, Row(row, j), integer: true, $"v{j}");
            SegmentStep.Write(code, shape, target, 1, names, inGroup, _ => $"sum{j}", _ => $"acc{j}");
        });
    }

    private string Row(string row, int vector) => Sum(row, $"{vector * target.Lanes}");

    private static void ForEachVector(System.Action<int> write) => Enumerable.Range(0, Vectors).ToList().ForEach(write);

    private static void Loop(CodeWriter code, string index, int count, System.Action<string> write)
    {
        if (count == 1)
        {
            write("0");
            return;
        }

        using (code.Block($"for (int {index} = 0; {index} < {count}; {index}++)"))
        {
            write(index);
        }
    }
}
