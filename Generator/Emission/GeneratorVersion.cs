namespace KernelGen.Generator.Emission;

/// <summary>The version written into generated files: the assembly's, without build metadata, so that output is the same everywhere.</summary>
internal static class GeneratorVersion
{
    public static string Text { get; } = typeof(GeneratorVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
