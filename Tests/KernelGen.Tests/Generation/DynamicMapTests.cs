using System.IO;
using System.Linq;
using System.Text.Json;
using KernelGen.Generator.Parsing;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>The dynamic maps against bitsandbytes' own.</summary>
public class DynamicMapTests
{
    [Fact]
    public void The_signed_map_is_uneven_about_its_zero()
    {
        float[] map = Map(isSigned: true);
        Assert.Equal(256, map.Distinct().Count());
        Assert.Equal([-0.992968738f, 0f, 1f], [map[0], map[127], map[255]]);
        Assert.All(map.Skip(1).Zip(map), static pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void The_unsigned_map_begins_at_zero()
    {
        float[] map = Map(isSigned: false);
        Assert.Equal(256, map.Distinct().Count());
        Assert.Equal([0f, 1f], [map[0], map[255]]);
    }

    [SharedFact("reference/examples")]
    public void All_values_are_those_of_bitsandbytes()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedFiles.Find("reference/examples/dynamic8_maps.json")!));
        JsonElement maps = document.RootElement.GetProperty("decoded");
        Agree(maps.GetProperty("signed"), Map(isSigned: true));
        Agree(maps.GetProperty("unsigned"), Map(isSigned: false));
    }

    /// <summary>The reference has nine decimals.</summary>
    private static void Agree(JsonElement expected, float[] map)
    {
        Assert.Equal(map.Length, expected.GetArrayLength());
        Assert.All(expected.EnumerateArray().Zip(map), static pair => Assert.InRange(pair.Second - pair.First.GetDouble(), -5.1e-10, 5.1e-10));
    }

    private static float[] Map(bool isSigned) => [.. DynamicMap.Table(isSigned).Select(static value => (float)value)];
}
