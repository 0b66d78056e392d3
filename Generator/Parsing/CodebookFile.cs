using System;
using System.Collections.Generic;
using System.Globalization;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>A file of codebook values.</summary>
/// <param name="Name">Its name, without the folder.</param>
/// <param name="Values">Its values in code order.</param>
/// <param name="Fault">Why it has none, or null.</param>
internal sealed record CodebookFile(string Name, EquatableArray<double> Values, string? Fault)
{
    private static readonly char[] s_separators = [' ', '\t', '\r', ','];

    /// <summary>Several files of one name.</summary>
    public static CodebookFile Ambiguous(string name) =>
        new(name, EquatableArray<double>.Empty, "several AdditionalFiles items have this name");

    /// <summary>Reads numbers separated by white space or commas; <c>#</c> starts a comment.</summary>
    public static CodebookFile Parse(string name, string? text)
    {
        List<double> values = [];
        if (text is null)
        {
            return new CodebookFile(name, EquatableArray<double>.Empty, "it cannot be read");
        }

        int line = 0;
        foreach (string written in text.Split('\n'))
        {
            line++;
            int comment = written.IndexOf('#');
            string content = comment < 0 ? written : written.Substring(0, comment);
            foreach (string word in content.Split(s_separators, StringSplitOptions.RemoveEmptyEntries))
            {
                if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                {
                    return new CodebookFile(
                        name,
                        EquatableArray<double>.Empty,
                        "line " + line.ToString(CultureInfo.InvariantCulture) + " has '" + word + "', which is no number");
                }

                values.Add(value);
            }
        }

        return new CodebookFile(name, values.ToEquatableArray(), null);
    }
}
