using System;

namespace KernelGen.Tests.Oracle;

/// <summary>
/// A decoded row and the f32 terms its weights were made of: <c>weight = (scale * (value - zero)) + min</c>; 0, 1 and 0 stand for
/// roles the format does not have.
/// </summary>
internal sealed class OracleRow(int inputs)
{
    private (double[] Terms, double[] Magnitudes)? _sums;

    public int Inputs => inputs;

    /// <summary>The largest magnitude in the row's table, 0 where codes are integers.</summary>
    public double LargestNumber { get; init; }

    public float[] Values { get; } = new float[inputs];

    public float[] Zeros { get; } = new float[inputs];

    public float[] Scales { get; } = new float[inputs];

    public float[] Mins { get; } = new float[inputs];

    public float[] Weights { get; } = new float[inputs];

    /// <summary>scale * (value - zero) + min, in double.</summary>
    public double[] Terms => (_sums ??= Sums()).Terms;

    /// <summary>|scale| * (|value| + |zero|) + |min|, in double: what the terms were before anything cancelled.</summary>
    public double[] Magnitudes => (_sums ??= Sums()).Magnitudes;

    public void Set(int k, float value, float zero, float scale, float min, float weight)
    {
        Values[k] = value;
        Zeros[k] = zero;
        Scales[k] = scale;
        Mins[k] = min;
        Weights[k] = weight;
        _sums = null;
    }

    private (double[] Terms, double[] Magnitudes) Sums()
    {
        double[] terms = new double[inputs];
        double[] magnitudes = new double[inputs];
        for (int k = 0; k < inputs; k++)
        {
            terms[k] = ((double)Scales[k] * ((double)Values[k] - Zeros[k])) + Mins[k];
            magnitudes[k] = (Math.Abs((double)Scales[k]) * (Math.Abs((double)Values[k]) + Math.Abs((double)Zeros[k]))) + Math.Abs((double)Mins[k]);
        }

        return (terms, magnitudes);
    }
}
