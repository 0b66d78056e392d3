using System;
using System.Collections.Generic;

namespace KernelGen.Encoders;

/// <summary>The choice of columns that matter most for the activations they meet.</summary>
public static class SalientColumns
{
    /// <summary>
    /// Columns whose largest activation reaches the ⌊share · I⌋-th largest of all, counted from 0: ⌊share · I⌋ + 1 columns, more where values
    /// tie.
    /// </summary>
    /// <param name="activationMaxima">max |x_j| over the calibration tokens for every input j, finite.</param>
    /// <param name="share">The share of salient columns, 0 to 1.</param>
    /// <returns>Whether each column is salient.</returns>
    /// <exception cref="ArgumentException">There are no columns, a maximum is negative or not finite, or the share is not between 0 and 1.</exception>
    public static bool[] Choose(IReadOnlyList<float> activationMaxima, double share)
    {
        ArgumentNullException.ThrowIfNull(activationMaxima);
        if (!(share >= 0 && share <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share of salient columns lies between 0 and 1.");
        }

        int inputs = activationMaxima.Count;
        ArgumentOutOfRangeException.ThrowIfZero(inputs, nameof(activationMaxima));
        float[] sorted = new float[inputs];
        for (int i = 0; i < inputs; i++)
        {
            sorted[i] = activationMaxima[i] >= 0 && float.IsFinite(activationMaxima[i])
                ? activationMaxima[i]
                : throw new ArgumentException($"The largest |x| of input {i} is {activationMaxima[i]}; give finite magnitudes.", nameof(activationMaxima));
        }

        Array.Sort(sorted);
        float threshold = sorted[inputs - 1 - Math.Min((int)Math.Floor(share * inputs), inputs - 1)];
        bool[] salient = new bool[inputs];
        for (int i = 0; i < inputs; i++)
        {
            salient[i] = activationMaxima[i] >= threshold;
        }

        return salient;
    }
}
