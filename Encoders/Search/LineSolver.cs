namespace KernelGen.Encoders;

/// <summary>What a group adds to the normal equations of x ≈ scale · a + min · b.</summary>
/// <param name="AA">Σwa².</param>
/// <param name="AB">Σwab.</param>
/// <param name="BB">Σwb².</param>
/// <param name="AX">Σwax.</param>
/// <param name="BX">Σwbx.</param>
internal readonly record struct LineTerms(double AA, double AB, double BB, double AX, double BX);

/// <summary>Adds up the normal equations of groups that share their numbers.</summary>
/// <param name="scaleIsShared">Whether the scale has a number per block.</param>
/// <param name="minIsShared">Whether the minimum has.</param>
internal struct LineSolver(bool scaleIsShared, bool minIsShared)
{
    /// <summary>Below this share of Σwa² Σwb² the two are parallel, as far as the sums can tell.</summary>
    private const double Parallel = 1e-6;

    /// <summary>Whether the scale has a number per block.</summary>
    public readonly bool ScaleIsShared => scaleIsShared;

    /// <summary>Whether the minimum has a number per block.</summary>
    public readonly bool MinIsShared => minIsShared;

    /// <summary>Whether anything is shared.</summary>
    public readonly bool IsShared => scaleIsShared || minIsShared;

    /// <summary>The sum.</summary>
    public LineTerms Sum { get; private set; }

    /// <summary>Solves normal equations.</summary>
    /// <param name="terms">The equations.</param>
    /// <param name="hasMin">Whether there is a minimum.</param>
    /// <param name="negative">Whether the minimum is not above 0.</param>
    /// <param name="scale">The scale where nothing determines it.</param>
    /// <param name="min">The minimum where nothing determines it.</param>
    /// <returns>The least-squares scale and minimum.</returns>
    public static (float Scale, float Min) Solve(LineTerms terms, bool hasMin, bool negative, float scale, float min)
    {
        double determinant = (terms.AA * terms.BB) - (terms.AB * terms.AB);
        if (hasMin && determinant > Parallel * terms.AA * terms.BB)
        {
            double m = ((terms.AA * terms.BX) - (terms.AB * terms.AX)) / determinant;
            if (!negative || m <= 0)
            {
                return ((float)(((terms.BB * terms.AX) - (terms.AB * terms.BX)) / determinant), (float)m);
            }

            min = 0;
        }

        // One number at a time: the scale for the minimum as it is, or the minimum where the codes are all 0.
        return terms.AA > 0 ? ((float)((terms.AX - (terms.AB * min)) / terms.AA), min)
            : hasMin && terms.BB > 0 ? (scale, (float)(terms.BX / terms.BB))
            : (scale, min);
    }

    /// <summary>Adds a group.</summary>
    /// <param name="terms">What it adds.</param>
    public void Add(LineTerms terms) => Sum = new LineTerms(
        Sum.AA + terms.AA, Sum.AB + terms.AB, Sum.BB + terms.BB, Sum.AX + terms.AX, Sum.BX + terms.BX);
}
