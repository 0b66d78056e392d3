using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using KernelGen.Tests.Generation;
using Xunit;

namespace KernelGen.Tests.Snapshots;

/// <summary>
/// What is emitted for the Formats project: in full for one format of each decoded form and for one micro-kernel of each kind, as
/// hashes for everything.
/// </summary>
public sealed partial class SnapshotTests
{
    /// <summary>
    /// One format per decoded form: integers, nested integer scales with minima, a table in two planes, signed bytes, a row side, a shared exponent, a table of every row.
    /// </summary>
    private static readonly string[] Formats = ["Q4_0", "Q4_K", "NF4", "Q8_0", "TernaryRow", "Bfp6", "Learned4"];

    public static TheoryData<string> Names => [.. Kept()];

    [Theory]
    [MemberData(nameof(Names))]
    public void Emitted_file_is_the_verified_one(string name) => Snapshot.Match(name, "cs", FormatsProject.Files[name + ".g.cs"]);

    [Fact]
    public void All_files_have_the_verified_hashes() => Snapshot.Match("Hashes", "txt", string.Concat(FormatsProject.Files
        .OrderBy(static file => file.Key, StringComparer.Ordinal)
        .Select(static file => $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Value)))}  {file.Key}\n")));

    [Fact]
    public void Every_verified_file_is_emitted()
    {
        HashSet<string> names = [.. Kept(), "Hashes"];
        Snapshot.NoOther(names.Contains);
    }

    private static IEnumerable<string> Kept() => FormatsProject.Files.Keys.Where(IsKept).Select(Name).Order(StringComparer.Ordinal);

    private static string Name(string file) => file[..^".g.cs".Length];

    /// <summary>Shared files, the chosen formats' files, and of each kind of micro-kernel the first by name.</summary>
    private static bool IsKept(string file)
    {
        if (!file.StartsWith("KernelGen.Formats.", StringComparison.Ordinal))
        {
            return Kind(file) is not { } kind || file == FormatsProject.Files.Keys.Where(other => Kind(other) == kind).Min(StringComparer.Ordinal);
        }

        return Formats.Contains(file.Split('.')[2], StringComparer.Ordinal);
    }

    /// <summary>What tells int8 micro-kernels apart: the signs of w and whether it is rebased, its planes, the scales, what is added, the target; or null for other files.</summary>
    private static string? Kind(string file)
    {
        Match match = Tile().Match(file);
        return match.Success ? string.Concat(match.Groups.Values.Skip(1).Select(static group => group.Value + " ")) : null;
    }

    [GeneratedRegex(@"^KernelGen\.Tile_([SU](?:255)?)[0-9]*(L)?[0-9]*_G[^_]+_([IF])(_C)?m?[0-9]*(_Z)?(_M)?_([A-Za-z0-9]+)\.g\.cs$")]
    private static partial Regex Tile();
}
