using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace KernelGen.Generator.Emission;

/// <summary>
/// The members of an emitted class, told apart by their names, overloads together. A target that extends another has most kernels in common with
/// it, to the letter; those are not written, nor compiled, twice.
/// </summary>
internal static class KernelMembers
{
    private static readonly Regex s_name = new(@"(\w+) *(?:[(=;]|$)", RegexOptions.CultureInvariant);

    // What stands after a point is a member of something else.
    private static readonly Regex s_use = new(@"(?<![.\w])\w+", RegexOptions.CultureInvariant);

    /// <summary>
    /// What is left of a class's <paramref name="body"/> without the members that <paramref name="other"/> has too: those of one name and one
    /// text that use, directly or through others, no member that differs.
    /// </summary>
    public static string Without(string body, string other)
    {
        List<KeyValuePair<string, string>> members = Of(body);
        ILookup<string, string> others = Of(other).ToLookup(member => member.Key, member => member.Value);
        ILookup<string, string> texts = members.ToLookup(member => member.Key, member => member.Value);
        var kept = new HashSet<string>(texts.Where(group => !group.SequenceEqual(others[group.Key])).Select(group => group.Key));
        Dictionary<string, HashSet<string>> used = texts.ToDictionary(
            group => group.Key,
            group => new HashSet<string>(group.SelectMany(text => s_use.Matches(text).Cast<Match>()).Select(match => match.Value)));
        bool more = true;
        while (more)
        {
            List<string> users = [.. used.Where(member => !kept.Contains(member.Key) && member.Value.Overlaps(kept)).Select(member => member.Key)];
            kept.UnionWith(users);
            more = users.Count > 0;
        }

        return string.Join("\n\n", members.Where(member => kept.Contains(member.Key)).Select(member => member.Value));
    }

    /// <summary>
    /// Names and texts, comments and attributes included. A member begins after a blank line, unindented; its name stands before the first
    /// parenthesis or equals sign of its head.
    /// </summary>
    private static List<KeyValuePair<string, string>> Of(string body)
    {
        var starts = new List<int>();
        string[] lines = body.TrimEnd('\n').Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0 && lines[i][0] != ' ' && (i == 0 || lines[i - 1].Length == 0))
            {
                starts.Add(i);
            }
        }

        return [.. starts.Select((start, i) =>
        {
            string[] member = [.. lines.Skip(start).Take((i + 1 < starts.Count ? starts[i + 1] - 1 : lines.Length) - start)];
            string head = member.First(line => !line.StartsWith("///", StringComparison.Ordinal) && !line.StartsWith("[", StringComparison.Ordinal));
            return new KeyValuePair<string, string>(s_name.Match(head).Groups[1].Value, string.Join("\n", member));
        })];
    }
}
