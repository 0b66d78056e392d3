using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>Walks the inputs of a packed block, whose weights it hands on as f32.</summary>
internal static class BlockWeights
{
    /// <summary>
    /// Writes the segments of a block, the last quad of each shorter where it is no multiple of 4 inputs. <c>w</c> of every panel, which points to the block's
    /// codes, is moved past them.
    /// </summary>
    /// <param name="code">The kernel.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="run">Quads that are at least written one after another: those whose code planes fill whole vectors.</param>
    /// <param name="vectors">Vectors of rows side by side.</param>
    /// <param name="input">Writes what becomes of the vectors' weights of an input, whose number in the current run is given.</param>
    /// <param name="endRun">Writes what follows a run of so many inputs.</param>
    public static void Write(CodeWriter code, FormatPlan plan, int run, IReadOnlyList<PanelWeights> vectors, Action<int, string[]> input, Action<int>? endRun = null)
    {
        int quads = plan.Grouping.QuadsPerSegment;
        int perUnit = 1;
        while (perUnit * quads % run != 0)
        {
            perUnit++;
        }

        if (plan.Scaling.Integer && perUnit % 2 != 0)
        {
            perUnit *= 2;
        }

        int segments = plan.Grouping.SegmentsPerBlock % perUnit == 0 ? perUnit : plan.Grouping.SegmentsPerBlock;
        int straight = segments == 1 && quads % run == 0 ? run : quads;
        Loop.Over(code, "u", plan.Grouping.SegmentsPerBlock / segments, 1, unit =>
        {
            int number = 0;
            for (int i = 0; i < segments; i++)
            {
                foreach (PanelWeights vector in vectors)
                {
                    vector.BeginSegment(code, Sum(Times(unit, segments), $"{i}"), i);
                }

                Loop.Over(code, "c", quads / straight, 1, _ =>
                {
                    for (int quad = 0; quad < straight; quad++)
                    {
                        string[] packed = [.. vectors.Select(vector => vector.Quad(code, (i * quads) + quad))];
                        for (int k = 0; k < 4 && (quad * 4) + k < plan.Grouping.Segment; k++)
                        {
                            input(number++, [.. vectors.Select((vector, v) => vector.OfQuad(code, packed[v], k))]);
                        }
                    }

                    if (straight != quads)
                    {
                        EndRun(straight);
                    }
                });
            }

            if (straight == quads)
            {
                EndRun(segments * quads);
            }
            else
            {
                Forget();
            }

            void EndRun(int moved)
            {
                foreach (string pointer in vectors.Select(static vector => vector.Pointer).Distinct())
                {
                    code.Line($"{pointer} += {vectors[0].CodeBytes(moved)};");
                }

                endRun?.Invoke(number);
                number = 0;
                Forget();
            }

            void Forget()
            {
                foreach (PanelWeights vector in vectors)
                {
                    vector.ForgetLoads();
                }
            }
        });
    }
}
