using System.Runtime.Intrinsics;

namespace KernelGen;

/// <summary>
/// Activations for kernels that look sums up (<see cref="KernelSet.GemvTakesTables"/>): one packed row with a table in place of every
/// quad.
/// </summary>
/// <remarks>
/// A group is, as in <see cref="ActivationLayout"/> for one row, its quads, d and the sums, but a quad q0…q3 is 32 bytes: of the 16 int16 entry(n) = the sum of
/// those qi for which bit i of n is set, first the low bytes, then the high ones.
/// </remarks>
public static unsafe class ActivationTables
{
    /// <summary>Bytes of one quad's table.</summary>
    public const int TableBytes = 32;

    /// <summary>Bytes of one row of activations with tables.</summary>
    /// <param name="layout">The layout of the packed row.</param>
    /// <param name="inputs">Row length K.</param>
    /// <returns>Bytes.</returns>
    /// <exception cref="System.OverflowException">They exceed 2^63.</exception>
    public static long Bytes(ActivationLayout layout, long inputs)
    {
        (long groups, int quads) = Groups(layout, inputs);
        return checked(groups * ((quads * (long)TableBytes) + (4L * (layout.GroupWords - quads))));
    }

    /// <summary>Writes the tables of one packed row.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="packed">The packed row (MR = 1).</param>
    /// <param name="inputs">Row length K.</param>
    /// <param name="tables">[<see cref="Bytes"/>], written.</param>
    public static void Write(ActivationLayout layout, byte* packed, long inputs, byte* tables)
    {
        (long groups, int quads) = Groups(layout, inputs);
        Vector128<short> bit0 = Vector128.Create(0, -1, 0, -1, 0, -1, 0, -1);
        Vector128<short> bit1 = Vector128.Create(0, 0, -1, -1, 0, 0, -1, -1);
        Vector128<short> bit2 = Vector128.Create(0, 0, 0, 0, -1, -1, -1, -1);
        for (long g = 0; g < groups; g++)
        {
            for (int i = 0; i < quads; i++, packed += 4, tables += TableBytes)
            {
                sbyte* q = (sbyte*)packed;
                Vector128<short> lower = (Vector128.Create((short)q[0]) & bit0) + (Vector128.Create((short)q[1]) & bit1) + (Vector128.Create((short)q[2]) & bit2);
                Vector128<short> upper = lower + Vector128.Create((short)q[3]);
                Vector128.Narrow(lower.AsUInt16() & Vector128.Create((ushort)0xFF), upper.AsUInt16() & Vector128.Create((ushort)0xFF)).Store(tables);
                Vector128.Narrow(lower.AsUInt16() >>> 8, upper.AsUInt16() >>> 8).Store(tables + 16);
            }

            for (int i = quads; i < layout.GroupWords; i++, packed += 4, tables += 4)
            {
                *(int*)tables = *(int*)packed;
            }
        }
    }

    private static (long Groups, int Quads) Groups(ActivationLayout layout, long inputs) =>
        (layout.RowBytes(inputs) / (4L * layout.GroupWords), layout.SegmentsPerGroup * layout.PaddedSegmentInputs / 4);
}
