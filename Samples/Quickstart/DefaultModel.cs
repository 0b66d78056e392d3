using System;
using System.Linq;

namespace Quickstart;

/// <summary>
/// Weights as a small transformer has them: heavy tails (Student's t with four degrees of freedom, cut at 12 standard
/// deviations) and a few columns that are much larger than the others. The same numbers in every run.
/// </summary>
internal static class DefaultModel
{
    private const int Hidden = 512;
    private const int Feed = 1365;

    /// <summary>Makes the model.</summary>
    /// <returns>Its matrices. <c>ffn_down</c> has rows of 1365, no multiple of any block.</returns>
    public static Model Make()
    {
        (string Name, int Rows, int Columns)[] shapes =
        [
            ("token_embd", 1024, Hidden),
            ("attn_q", Hidden, Hidden), ("attn_k", Hidden / 4, Hidden), ("attn_v", Hidden / 4, Hidden), ("attn_output", Hidden, Hidden),
            ("ffn_gate", Feed, Hidden), ("ffn_up", Feed, Hidden), ("ffn_down", Hidden, Feed),
        ];
        return new Model("built-in weights", [.. shapes.Select((s, i) => Make(s.Name, s.Rows, s.Columns, (ulong)i))], []);
    }

    private static Matrix Make(string name, int rows, int columns, ulong seed)
    {
        float[] gains = new float[columns];
        for (int column = 0; column < columns; column++)
        {
            double u = Uniform(seed, -1, column);
            gains[column] = (float)((u < 0.01 ? 6 : 0.5 + u) / Math.Sqrt(columns));
        }

        return new Matrix(name, rows, columns, (row, weights) =>
        {
            for (int column = 0; column < weights.Length; column++)
            {
                weights[column] = StudentT4(Uniform(seed, row, column)) * gains[column];
            }
        });
    }

    // The quantile function, which four degrees of freedom have in closed form.
    private static float StudentT4(double u)
    {
        double p = Math.Clamp(u, 1e-5, 1 - 1e-5);
        double a = Math.Sqrt(4 * p * (1 - p));
        double t = Math.Sqrt(Math.Max(0, (Math.Cos(Math.Acos(Math.Min(a, 1)) / 3) / a) - 1));
        return (float)Math.CopySign(Math.Sqrt(2) * t, p - 0.5);
    }

    // A number in [0, 1) that depends on the place only (SplitMix64).
    private static double Uniform(ulong seed, long row, int column)
    {
        ulong z = unchecked((seed << 56) + ((ulong)row << 28) + (ulong)column + 1) * 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1L << 53));
    }
}
