using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the f32 micro-kernels: MR rows of activations times two vectors of weight rows, one shared kernel per target and MR.</summary>
internal static class Float32TileKernels
{
    /// <summary>Weight rows of the tile: two vectors, at least a panel.</summary>
    public static int Rows(Target target) => System.Math.Max(2 * target.Lanes, target.PanelRows);

    public static SourceFile Write(Target target)
    {
        var code = new CodeWriter();
        string name = $"Tile_F32_{target.Family}";
        FileHeader.Write(code, $"f32 micro-kernels for {target.Family}: {Rows(target)} weight rows.", nullable: false);
        using (code.Block($"namespace {EmittedNames.Namespace}"))
        {
            KernelFile.Usings(code, target);
            code.Doc($"<summary>f32 products of a decoded tile of {Rows(target)} weight rows.</summary>");
            code.Line(SharedTypes.Attribute);
            code.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"KernelGen\", \"" + GeneratorVersion.Text + "\")]");
            code.Line("[SkipLocalsInit]");
            using (code.Block($"internal static unsafe class {name}"))
            {
                string kernels = string.Join(", ", target.Float32TileRows.Select(m => $"new global::KernelGen.Float32TileKernel({m}, &Rows{m})"));
                code.Doc("<summary>The kernels by rows of activations, largest first.</summary>");
                code.Line($"internal static readonly global::KernelGen.Float32TileKernel[] Kernels = [{kernels}];");
                foreach (int m in target.Float32TileRows)
                {
                    code.Line();
                    Kernel(code, target, m);
                }
            }
        }

        return new SourceFile($"KernelGen.{name}.g.cs", code.ToString());
    }

    private static void Kernel(CodeWriter code, Target target, int rows)
    {
        int vectors = System.Math.Min(2, Rows(target) / target.Lanes);
        int step = vectors * target.Lanes;
        code.Doc($"<summary>{rows} row{(rows == 1 ? string.Empty : "s")} of activations: y[m * ldy + r] = or += Σ tile[k][r] * activations[k][m].</summary>");
        using (code.Method($"internal static void Rows{rows}(float* tile, long k, float* activations, float* y, long ldy, bool accumulate)"))
        {
            EagerOptimization.Write(code, target, "k", "activations", "float");
            if (step == Rows(target))
            {
                Body(code, target, rows, vectors, "0");
                return;
            }

            using (code.Block($"for (int row = 0; row < {Rows(target)}; row += {step})"))
            {
                Body(code, target, rows, vectors, "row");
            }
        }
    }

    private static void Body(CodeWriter code, Target target, int rows, int vectors, string row)
    {
        string Y(int m, int v) => Offset("y", m == 0 ? "0" : m == 1 ? "ldy" : $"({m} * ldy)", row, $"{v * target.Lanes}");
        for (int m = 0; m < rows; m++)
        {
            for (int v = 0; v < vectors; v++)
            {
                code.Line($"{target.Single} acc{m}_{v} = accumulate ? {target.LoadSingle(Y(m, v))} : {target.ZeroSingle};");
            }
        }

        code.Line($"float* w = {Offset("tile", row)};");
        code.Line("float* a = activations;");
        bool lanes = target.SinglesPerLoad > 1 && rows % target.SinglesPerLoad == 0;
        using (code.Block("for (long i = 0; i < k; i++)"))
        {
            for (int v = 0; v < vectors; v++)
            {
                code.Line($"{target.Single} w{v} = {target.LoadSingle(Offset("w", $"{v * target.Lanes}"))};");
            }

            for (int m = 0; m < rows; m++)
            {
                int lane = lanes ? m % target.SinglesPerLoad : 0;
                if (lane == 0)
                {
                    string pointer = Offset("a", $"{m}");
                    code.Line($"{target.Single} x{m} = {(lanes ? target.LoadSingle(pointer) : target.BroadcastSingle(pointer))};");
                }

                for (int v = 0; v < vectors; v++)
                {
                    (string w, string x, string sum) = ($"w{v}", $"x{m - lane}", $"acc{m}_{v}");
                    code.Line($"{sum} = {(lanes ? target.MultiplyAddLane(w, x, lane, sum) : target.MultiplyAdd(w, x, sum))};");
                }
            }

            code.Line($"w += {Rows(target)};");
            code.Line($"a += {rows};");
        }

        for (int m = 0; m < rows; m++)
        {
            for (int v = 0; v < vectors; v++)
            {
                code.Line(target.StoreSingle(Y(m, v), $"acc{m}_{v}"));
            }
        }
    }
}
