using System;
using System.Runtime.Intrinsics;

namespace KernelGen;

/// <summary>
/// Loops over one row of floats. Every element takes one f32 operation, and sums have one order, so results are the same bits on every
/// machine.
/// </summary>
internal static unsafe class RowLoops
{
    /// <summary>y = x * f.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="f">Factors.</param>
    /// <param name="y">Products; may be x.</param>
    /// <param name="count">How many.</param>
    public static void Multiply(float* x, float* f, float* y, long count)
    {
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            (Vector256.Load(x + i) * Vector256.Load(f + i)).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] = x[i] * f[i];
        }
    }

    /// <summary>y = (f * g) * y, g being one number for all.</summary>
    /// <param name="f">Factors, or null for ones.</param>
    /// <param name="g">The common factor.</param>
    /// <param name="y">Numbers, replaced.</param>
    /// <param name="count">How many.</param>
    public static void MultiplyOuter(float* f, float g, float* y, long count)
    {
        for (long i = 0; i < count; i++)
        {
            y[i] = (f == null ? g : g * f[i]) * y[i];
        }
    }

    /// <summary>y = y + x.</summary>
    /// <param name="x">Addends.</param>
    /// <param name="y">Sums.</param>
    /// <param name="count">How many.</param>
    public static void Add(float* x, float* y, long count)
    {
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            (Vector256.Load(y + i) + Vector256.Load(x + i)).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] += x[i];
        }
    }

    /// <summary>y = y - x.</summary>
    /// <param name="x">What is subtracted.</param>
    /// <param name="y">Differences.</param>
    /// <param name="count">How many.</param>
    public static void Subtract(float* x, float* y, long count)
    {
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            (Vector256.Load(y + i) - Vector256.Load(x + i)).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] -= x[i];
        }
    }

    /// <summary>y = y + c.</summary>
    /// <param name="c">The addend.</param>
    /// <param name="y">Sums.</param>
    /// <param name="count">How many.</param>
    public static void AddConstant(float c, float* y, long count)
    {
        long i = 0;
        for (Vector256<float> all = Vector256.Create(c); i <= count - 8; i += 8)
        {
            (Vector256.Load(y + i) + all).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] += c;
        }
    }

    /// <summary>y[i] = x[index[i]].</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="index">Which to take.</param>
    /// <param name="y">What was taken.</param>
    /// <param name="count">How many.</param>
    public static void Gather(float* x, int* index, float* y, long count)
    {
        long i = 0;
        for (; i <= count - 4; i += 4)
        {
            float a = x[index[i]], b = x[index[i + 1]], c = x[index[i + 2]], d = x[index[i + 3]];
            y[i] = a;
            y[i + 1] = b;
            y[i + 2] = c;
            y[i + 3] = d;
        }

        for (; i < count; i++)
        {
            y[i] = x[index[i]];
        }
    }

    /// <summary>y[index[i]] = x[i].</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="index">Where they go.</param>
    /// <param name="y">Where 0 is.</param>
    /// <param name="count">How many.</param>
    public static void Scatter(float* x, int* index, float* y, long count)
    {
        for (long i = 0; i < count; i++)
        {
            y[index[i]] = x[i];
        }
    }

    /// <summary>Σ x * f: exact products, added in f64, element i in lane i mod 8.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="f">Factors.</param>
    /// <param name="count">How many.</param>
    /// <returns>The sum.</returns>
    public static double Dot(float* x, float* f, long count)
    {
        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.Load(x + i));
            (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Vector256.Load(f + i));
            low += a * c;
            high += b * d;
        }

        double sum = Sum(low, high);
        for (; i < count; i++)
        {
            sum += (double)x[i] * f[i];
        }

        return sum;
    }

    /// <summary>Layer normalization without affine: y = (y - mean) / sqrt(variance + epsilon), in f64, rounded to f32 at the end.</summary>
    /// <param name="y">The row, replaced.</param>
    /// <param name="count">Its length, at least 1.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static void Normalize(float* y, long count, double epsilon)
    {
        double mean = Moment(y, count, 0, square: false) / count;
        double variance = Moment(y, count, mean, square: true) / count;
        double factor = 1 / Math.Sqrt(variance + epsilon);
        Vector256<double> means = Vector256.Create(mean);
        Vector256<double> factors = Vector256.Create(factor);
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.Load(y + i));
            Vector256.Narrow((a - means) * factors, (b - means) * factors).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] = (float)((y[i] - mean) * factor);
        }
    }

    /// <summary>Σ (y - origin), or of its square.</summary>
    private static double Moment(float* y, long count, double origin, bool square)
    {
        Vector256<double> origins = Vector256.Create(origin);
        Vector256<double> low = Vector256<double>.Zero;
        Vector256<double> high = Vector256<double>.Zero;
        long i = 0;
        for (; i <= count - 8; i += 8)
        {
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.Load(y + i));
            a -= origins;
            b -= origins;
            low += square ? a * a : a;
            high += square ? b * b : b;
        }

        double sum = Sum(low, high);
        for (; i < count; i++)
        {
            double d = y[i] - origin;
            sum += square ? d * d : d;
        }

        return sum;
    }

    private static double Sum(Vector256<double> low, Vector256<double> high)
    {
        Vector256<double> all = low + high;
        return all.GetElement(0) + all.GetElement(2) + (all.GetElement(1) + all.GetElement(3));
    }
}
