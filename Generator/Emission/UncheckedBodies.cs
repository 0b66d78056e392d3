using System;
using System.Collections.Generic;

namespace KernelGen.Generator.Emission;

/// <summary>
/// Makes arithmetic wrap around in classes written as plain text, whatever the consuming project says. C# has no such setting for
/// a class, so each <c>public static</c> method's body is wrapped; what <see cref="CodeWriter.Method"/> does for written methods.
/// </summary>
internal static class UncheckedBodies
{
    /// <summary>Wraps the bodies in <paramref name="text"/>: one method's head to a line, braces on lines of their own.</summary>
    public static string In(string text)
    {
        string[] lines = text.Split('\n');
        var result = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            string indent = line.Substring(0, line.Length - line.TrimStart().Length);
            int arrow = line.IndexOf(") =>", StringComparison.Ordinal);
            if (!line.StartsWith(indent + "public static ", StringComparison.Ordinal) || (arrow < 0 && !line.EndsWith(")", StringComparison.Ordinal)))
            {
                result.Add(line);
            }
            else if (arrow >= 0)
            {
                string body = line.Substring(arrow + 4).TrimStart();
                result.Add(line.Substring(0, arrow + 4) + " unchecked(" + body);
                while (!lines[i].EndsWith(";", StringComparison.Ordinal))
                {
                    result.Add(lines[++i]);
                }

                string last = result[result.Count - 1];
                result[result.Count - 1] = last.Substring(0, last.Length - 1) + ");";
            }
            else
            {
                result.AddRange([line, lines[++i], indent + "    unchecked", indent + "    {"]);
                while (lines[++i] != indent + "}")
                {
                    result.Add(lines[i].Length == 0 ? string.Empty : "    " + lines[i]);
                }

                result.AddRange([indent + "    }", lines[i]]);
            }
        }

        return string.Join("\n", result);
    }
}
