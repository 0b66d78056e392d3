using System;
using System.Diagnostics;
using KernelGen;

namespace Quickstart;

/// <summary>Times products.</summary>
internal static class Timing
{
    /// <summary>Rows of activations of the product called GEMM.</summary>
    public const int GemmRows = 64;

    private const double Seconds = 0.3;

    /// <summary>Runs a product again and again for a while, each time with the weights out of the cache; the first runs warm up.</summary>
    /// <param name="flush">Empties the cache.</param>
    /// <param name="matrix">The weights.</param>
    /// <param name="rows">Rows of activations.</param>
    /// <param name="options">How.</param>
    /// <returns>Seconds of the fastest run.</returns>
    public static double BestSeconds(CacheFlush flush, IWeightMatrix matrix, int rows, MultiplyOptions options)
    {
        float[] x = Activations(rows * matrix.Inputs);
        float[] y = new float[rows * matrix.Outputs];
        double best = double.MaxValue;
        long start = Stopwatch.GetTimestamp();
        for (int run = 0; run < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds; run++)
        {
            flush.Run(options.Threads);
            long begin = Stopwatch.GetTimestamp();
            matrix.Multiply(x, rows, y, options);
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return best;
    }

    /// <summary>Numbers between -1 and 1, the same in every run.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The numbers.</returns>
    public static float[] Activations(long count)
    {
        float[] x = new float[count];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = MathF.Sin((i * 0.7f) + (i % 97));
        }

        return x;
    }
}
