using System.Linq;

namespace KernelGen.Generator.Planning;

/// <summary>
/// When GEMV looks sums of activations up instead of multiplying. Of 4 activations there are 16 sums over subsets; four code bits of a row
/// say which, so that one table of 16 int16 serves every row. Its bytes are two vectors, looked up in two instructions for four times as many rows
/// as a byte product has.
/// </summary>
/// <remarks>
/// The decision belongs to the format, not to the target: targets of one panel height share a layout. It counts vector instructions for the
/// rows and inputs of one byte product (4 inputs of as many rows as a vector has 32-bit lanes):
/// <list type="bullet">
/// <item>products: a load per 8 / bits vectors, a mask, a shift except for the lowest field, an "or" for every plane after the first, a broadcast of the
/// activations, a product and an addition;</item>
/// <item>tables: for each bit of a code a quarter of: half a load, a mask, half a shift, two loads of the table, two lookups, two interleavings to
/// int16, two additions.</item>
/// </list>
/// That is 5 against 2.5 instructions for one bit; for two bits 5 against 5, and the tables must be built besides. Measured likewise
/// (docs/performance.md).
/// </remarks>
internal static class TableProducts
{
    /// <summary>Rows of a panel with tables in panels of the target: a byte of each of its rows fills the vector that elsewhere holds 4 bytes of each.</summary>
    public const int TallPanels = 4;

    /// <summary>Bytes of one quad's table: the low bytes of its 16 entries, then the high ones.</summary>
    public const int TableBytes = 32;

    /// <summary>For one bit of the codes.</summary>
    private const double TableInstructions = (0.5 + 1 + 0.5 + 2 + 2 + 2 + 2) / TallPanels;

    /// <summary>Broadcast, product and addition.</summary>
    private const double ProductInstructions = 3;

    /// <summary>
    /// Whether the kernels of a format look up. The sum of a segment stays in int16: an entry is at most 4 * 127, and a segment has at most 64 quads.
    /// </summary>
    public static bool Pay(DecodedForm form, Grouping grouping, ScalePath scaling) =>
        form is { PackedBits: 1, IsLookup: false, Planes: 1 }
        && !scaling.Integer
        && grouping.QuadsPerSegment % 2 == 0
        && grouping.QuadsPerSegment * 4 * FormatPlan.LargestInt8 <= short.MaxValue
        && form.PackedBits * TableInstructions < Products(form.PackedBits);

    private static double Products(int bits)
    {
        double decoding = 0;
        foreach (int plane in new[] { 8, 4, 2, 1 }.Where(p => (bits & p) != 0))
        {
            double share = plane / 8.0;
            decoding += share + (plane == 8 ? 0 : 1 + (1 - share)) + (decoding > 0 ? 1 : 0);
        }

        return decoding + ProductInstructions;
    }
}
