namespace KernelGen;

/// <summary>Finds stored scales, minima and zero points that are not finite.</summary>
internal static unsafe class ParameterCheck
{
    /// <summary>The first in-block parameter that is not finite.</summary>
    /// <param name="format">The format.</param>
    /// <param name="stored">Stored bit patterns as unpacked from a block.</param>
    /// <returns>Its name, or null.</returns>
    public static string? FirstNonFinite(FormatDescriptor format, uint* stored)
    {
        for (int i = 0; i < format.Parameters.Count; i++)
        {
            FormatParameter parameter = format.Parameters[i];
            for (int entry = 0; entry < parameter.EntriesPerBlock; entry++)
            {
                if (!IsFinite(parameter.Type, *stored++))
                {
                    return parameter.Name;
                }
            }
        }

        return null;
    }

    /// <summary>The first side parameter that is not finite.</summary>
    /// <param name="format">The format.</param>
    /// <param name="extent"><see cref="Extent.Row"/> or <see cref="Extent.Tensor"/>.</param>
    /// <param name="side">The side parameters of that extent, of one row or the matrix, in declared order.</param>
    /// <returns>Its name, or null.</returns>
    public static string? FirstNonFinite(FormatDescriptor format, int extent, byte* side)
    {
        for (int i = 0; i < format.Parameters.Count; i++)
        {
            FormatParameter parameter = format.Parameters[i];
            if (parameter.Per != extent || parameter.EntriesPerBlock != 0)
            {
                continue;
            }

            int bytes = Bytes(parameter.Type);
            for (int number = 0; number < parameter.Count; number++, side += bytes)
            {
                uint stored = 0;
                for (int b = 0; b < bytes; b++)
                {
                    stored |= (uint)side[b] << (8 * b);
                }

                if (!IsFinite(parameter.Type, stored))
                {
                    return parameter.Name;
                }
            }
        }

        return null;
    }

    // Exponent8 is finite or not by its factor, which the declaration holds: decoded weights tell.
    private static bool IsFinite(ScalarType? type, uint stored) => type switch
    {
        ScalarType.Float32 => (stored & 0x7F80_0000) != 0x7F80_0000,
        ScalarType.Float16 => (stored & 0x7C00) != 0x7C00,
        ScalarType.BFloat16 => (stored & 0x7F80) != 0x7F80,
        ScalarType.E8M0 => stored != 255,
        _ => true,
    };

    private static int Bytes(ScalarType? type) => type switch
    {
        ScalarType.Float32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };
}
