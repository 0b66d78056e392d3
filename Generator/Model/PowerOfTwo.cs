namespace KernelGen.Generator.Model;

/// <summary>Powers of two.</summary>
internal static class PowerOfTwo
{
    /// <summary>The exponent of a power of two.</summary>
    public static int Log2(int power)
    {
        int exponent = 0;
        while (1 << exponent < power)
        {
            exponent++;
        }

        return exponent;
    }
}
