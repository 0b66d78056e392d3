using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Whether a product takes codes of 2 bits where they stand in a byte. Of the four in a byte only the upper two are shifted, together; the second and
/// the fourth are multiplied as four times themselves, in partial sums of their own, which are shifted back once for a stretch of quads.
/// </summary>
/// <remarks>
/// Two shifts less for every 4 quads against a shift and an addition for every stretch and row of activations: it pays for one row. A stretch is
/// short enough for the fourfold sums, and for both together, to stay within a partial sum.
/// </remarks>
internal static class FieldsInPlace
{
    /// <summary>Bits of the nibble that is masked without a shift.</summary>
    public const int Nibble = 4;

    private const int FieldBits = 2;
    private const int LongStretch = 16;
    private const int ShortStretch = 8;

    /// <summary>Quads of a stretch; 0 where fields are shifted one by one.</summary>
    public static int Stretch(FormatPlan plan, Target target, int rows)
    {
        bool fits = rows == 1
            && target.AddsPartials
            && plan.Panel.PlaneBits.SequenceEqual([FieldBits])
            && plan.Form is { IsLookup: false, Signed: false, Planes: 1, Step: 1 }
            && !plan.Scaling.Integer
            && !plan.Panel.HasTables;
        return !fits ? 0 : Fits(LongStretch) ? LongStretch : Fits(ShortStretch) ? ShortStretch : 0;

        bool Fits(int quads) => plan.Grouping.QuadsPerSegment % quads == 0
            && quads <= target.PartialDepth(plan.Form.Largest)
            && quads / 2 <= target.PartialDepth(plan.Form.Largest << FieldBits);
    }

    /// <summary>By how many bits a quad's weights stand too high: 0, or the width of a field.</summary>
    public static int Shift(int quad) => quad * FieldBits % Nibble;
}
