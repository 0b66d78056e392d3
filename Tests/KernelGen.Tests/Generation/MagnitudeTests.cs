using System;
using System.Linq;
using KernelGen.Generator.Planning;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Which tables are looked up as magnitudes, and that these are what the integers mean.</summary>
public sealed class MagnitudeTests
{
    [Theory]
    [InlineData("KernelGen.Formats.MxFp6E2M3", 1)]
    [InlineData("KernelGen.Formats.MxFp6E3M2", 2)]
    [InlineData("KernelGen.Formats.BlockMinifloat6", 1)]
    [InlineData("KernelGen.Formats.MxFp4E2M1", 0)] // one shuffle
    [InlineData("KernelGen.Formats.BitModFp4", 0)] // no table is the other's opposite
    [InlineData("KernelGen.Formats.Q4_0", 0)]
    public void MagnitudesAreWhatTheFirstHalfMeans(string format, int planes)
    {
        DecodedForm form = FormatPlanner.Plan(DeclaredFormats.All[format], 8).Form;
        int half = form.TableEntries / 2;
        Assert.Equal(planes * half, form.Magnitudes.Count);
        for (int i = 0; i < form.Magnitudes.Count / Math.Max(planes, 1); i++)
        {
            int magnitude = planes == 1 ? form.Magnitudes[i] : (form.Magnitudes[i] << form.PlaneShift) + form.Magnitudes[half + i];
            Assert.Equal(magnitude, Meaning(i));
            Assert.Equal(-magnitude, Meaning(half + i));
        }

        int Meaning(int code) => (planes == 1 ? form.Table[code] : (form.Table[code] << form.PlaneShift) + form.Table[(2 * half) + code]) + form.Correction;
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(3, 1, false)] // one entry is no opposite
    [InlineData(0, 2, false)] // 0 is not 0
    public void OnlyOppositesAreMirrored(int entry, int more, bool isMirrored)
    {
        int[] magnitudes = [.. Enumerable.Range(0, 16).Select(static i => i * (i + 1) / 2)];
        int[] table = [.. magnitudes, .. magnitudes.Select(static magnitude => -magnitude)];
        table[entry] += more;
        DecodedForm form = FormatPlanner.Plan(
            DeclaredFormats.Parse($"using KernelGen; [Block(32), Scale(ScalarType.Float16), Codes(5), Codebook({string.Join(", ", table)})] public readonly partial record struct F;").Single(), 8).Form;
        Assert.Equal(isMirrored ? magnitudes : [], form.Magnitudes);
    }
}
