using System;

namespace KernelGen.Encoders;

/// <summary>The error that a search minimises, measured on decoded weights in f64.</summary>
public static class WeightedError
{
    /// <summary>Σ p · r(x) · (x - y)² over a row: p the importance of the input, r(x) the weighting's factor.</summary>
    /// <param name="format">The format, whose blocks and groups some weightings take means over.</param>
    /// <param name="weights">The row x.</param>
    /// <param name="decoded">What it decodes to, y.</param>
    /// <param name="importance">Importance by input; empty for all alike.</param>
    /// <param name="weighting">The weighting.</param>
    /// <returns>The sum; 0 where all is exact.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="SearchUnsupportedException">The format is of a kind that is not searched.</exception>
    public static double OfRow(
        FormatDescriptor format, ReadOnlySpan<float> weights, ReadOnlySpan<float> decoded, ReadOnlySpan<float> importance = default, ErrorWeighting weighting = default)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (decoded.Length != weights.Length || (!importance.IsEmpty && importance.Length != weights.Length))
        {
            throw new ArgumentException($"{weights.Length} weights were given with {decoded.Length} decoded ones and importance of {importance.Length} inputs. Give equal lengths.");
        }

        SearchPlan plan = SearchPlan.TryCreate(format, out string reason) ?? throw new SearchUnsupportedException(format, reason);
        weighting = plan.Weighting(weighting, !importance.IsEmpty);
        int span = weighting == ErrorWeighting.Smoothed ? format.BlockInputs : plan.GroupInputs;
        double sum = 0;
        for (int first = 0; first < weights.Length; first += span)
        {
            ReadOnlySpan<float> x = weights[first..Math.Min(first + span, weights.Length)];
            double mean = 0;
            foreach (float one in x)
            {
                mean += (double)one * one / x.Length;
            }

            for (int i = 0; i < x.Length; i++)
            {
                double magnitude = Math.Abs((double)x[i]), difference = (double)x[i] - decoded[first + i];
                double factor = weighting switch
                {
                    ErrorWeighting.Magnitude => magnitude,
                    ErrorWeighting.Square => magnitude * magnitude,
                    ErrorWeighting.Raised => magnitude + Math.Sqrt(mean),
                    ErrorWeighting.Smoothed => Math.Sqrt((magnitude * magnitude) + (2 * mean)),
                    _ => 1,
                };
                sum += factor * (importance.IsEmpty ? 1 : importance[first + i]) * difference * difference;
            }
        }

        return sum;
    }
}
