using System;
using System.Collections.Generic;

namespace KernelGen.Generator.Parsing;

/// <summary>
/// NormalFloat-b tables: quantiles of the normal distribution at 2^(b-1) points from 1-d to 1/2 and 2^(b-1)+1 points from
/// 1/2 to d, one of the two halves dropped, divided by the quantile of d = 0.9677083 so that they reach from -1 to 1.
/// </summary>
internal static class NormalFloat
{
    private const double Outermost = 0.9677083;

    /// <summary>The table of bitsandbytes, which the construction gives up to the last bits of f32.</summary>
    private static readonly double[] Table4 =
    [
        -1.0,
        -0.6961928009986877,
        -0.5250730514526367,
        -0.39491748809814453,
        -0.28444138169288635,
        -0.18477343022823334,
        -0.09105003625154495,
        0.0,
        0.07958029955625534,
        0.16093020141124725,
        0.24611230194568634,
        0.33791524171829224,
        0.44070982933044434,
        0.5626170039176941,
        0.7229568362236023,
        1.0,
    ];

    /// <summary>The table for codes of 2 to 8 bits.</summary>
    public static IReadOnlyList<double> Table(int bits) => bits == 4 ? Table4 : Construct(bits);

    /// <summary>The table as constructed, for every width.</summary>
    public static double[] Construct(int bits)
    {
        int half = 1 << (bits - 1);
        double edge = Quantile(Outermost);
        double[] values = new double[2 * half];
        for (int i = 0; i < half; i++)
        {
            // Left: from the outermost to the middle, mirrored so that the table's ends are exactly -1 and 1.
            values[i] = i == half - 1 ? 0 : -Quantile(Outermost - (i * (Outermost - 0.5) / (half - 1))) / edge;

            // Right: the middle itself is the left half's last.
            values[half + i] = Quantile(0.5 + ((i + 1) * (Outermost - 0.5) / half)) / edge;
        }

        values[0] = -1;
        values[values.Length - 1] = 1;
        return values;
    }

    /// <summary>The inverse of the normal distribution for p in [1/2, 1): Wichura's algorithm AS 241, to about 1e-16.</summary>
    private static double Quantile(double p)
    {
        double q = p - 0.5;
        if (q <= 0.425)
        {
            double r = 0.180625 - (q * q);
            return q
                * Polynomial(r, 3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3)
                / Polynomial(r, 1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3);
        }

        double t = Math.Sqrt(-Math.Log(1 - p)) - 1.6;
        return Polynomial(t, 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4)
            / Polynomial(t, 1.0, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9);
    }

    private static double Polynomial(double x, params double[] coefficients)
    {
        double sum = 0;
        for (int i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
