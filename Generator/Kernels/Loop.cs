using System;
using KernelGen.Generator.Emission;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes a loop, or its body where it would run once.</summary>
internal static class Loop
{
    /// <summary>The body for index 0, <paramref name="step"/>, … below <paramref name="count"/>.</summary>
    public static void Over(CodeWriter code, string name, int count, int step, Action<string> body)
    {
        if (count <= step)
        {
            body("0");
            return;
        }

        string next = step == 1 ? $"{name}++" : $"{name} += {step}";
        using (code.Block($"for (int {name} = 0; {name} < {count}; {next})"))
        {
            body(name);
        }
    }
}
