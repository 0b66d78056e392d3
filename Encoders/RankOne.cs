using System;

namespace KernelGen.Encoders;

/// <summary>
/// The best rank-one approximation of |W|: its singular value decomposition truncated to the largest singular value, found by power
/// iteration in f64. |W| is non-negative, so both singular vectors are.
/// </summary>
internal static unsafe class RankOne
{
    private const int MostIterations = 1000;
    private const double Tolerance = 1e-14;
    private const int ColumnsPerItem = 128;

    /// <summary>Finds a and b with |W| ≈ a bᵀ: the singular vectors, each times the root of the singular value.</summary>
    /// <param name="weights">W.</param>
    /// <param name="threads">Most threads to use; 0 for all. The result does not depend on it.</param>
    /// <returns>a over the outputs and b over the inputs; zeros where W is zero.</returns>
    public static (double[] Outputs, double[] Inputs) Approximate(WeightRows weights, int threads)
    {
        double[] u = new double[weights.Outputs];
        double[] v = new double[weights.Inputs];
        double[] next = new double[weights.Inputs];
        Array.Fill(v, 1 / Math.Sqrt(v.Length));
        for (int i = 0; i < MostIterations; i++)
        {
            Products(weights, u, v, threads);
            Sums(weights, u, next, threads);
            double length = Length(next);
            if (length == 0)
            {
                return (u, next);
            }

            double change = 0;
            for (int k = 0; k < v.Length; k++)
            {
                next[k] /= length;
                change = Math.Max(change, Math.Abs(next[k] - v[k]));
            }

            (v, next) = (next, v);
            if (change < Tolerance)
            {
                break;
            }
        }

        Products(weights, u, v, threads);
        double value = Length(u);
        double root = Math.Sqrt(value);
        return (Array.ConvertAll(u, x => x / root), Array.ConvertAll(v, x => x * root));
    }

    private static double Length(double[] vector)
    {
        double sum = 0;
        foreach (double x in vector)
        {
            sum += x * x;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>u = |W| v.</summary>
    private static void Products(WeightRows weights, double[] u, double[] v, int threads)
    {
        fixed (double* to = u, from = v)
        {
            WorkerPool.Shared.Run(new ProductWork { Weights = weights, U = to, V = from }, weights.Outputs, threads);
        }
    }

    /// <summary>v = |W|ᵀ u.</summary>
    private static void Sums(WeightRows weights, double[] u, double[] v, int threads)
    {
        fixed (double* from = u, to = v)
        {
            WorkerPool.Shared.Run(new SumWork { Weights = weights, U = from, V = to }, (weights.Inputs + ColumnsPerItem - 1) / ColumnsPerItem, threads);
        }
    }

    /// <summary>An item is a row.</summary>
    private struct ProductWork : IRangeWork
    {
        public WeightRows Weights;
        public double* U;
        public double* V;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end; row++)
            {
                float* w = Weights.Row(row);
                double even = 0;
                double odd = 0;
                long i = 0;
                for (; i < Weights.Inputs - 1; i += 2)
                {
                    even += Math.Abs(w[i]) * V[i];
                    odd += Math.Abs(w[i + 1]) * V[i + 1];
                }

                U[row] = even + odd + (i < Weights.Inputs ? Math.Abs(w[i]) * V[i] : 0);
            }
        }
    }

    /// <summary>An item is a run of columns, so that each sum has one order.</summary>
    private struct SumWork : IRangeWork
    {
        public WeightRows Weights;
        public double* U;
        public double* V;

        public readonly void Run(long first, long end, int participant)
        {
            long begin = first * ColumnsPerItem;
            long stop = Math.Min(end * ColumnsPerItem, Weights.Inputs);
            new Span<double>(V + begin, (int)(stop - begin)).Clear();
            for (long row = 0; row < Weights.Outputs; row++)
            {
                float* w = Weights.Row(row);
                double u = U[row];
                for (long i = begin; i < stop; i++)
                {
                    V[i] += Math.Abs(w[i]) * u;
                }
            }
        }
    }
}
