namespace KernelGen.Containers;

/// <summary>The limits both readers share. A file beyond one of them is rejected.</summary>
internal static class ContainerLimits
{
    /// <summary>The longest tensor name or metadata key, in bytes of UTF-8.</summary>
    public const int NameBytes = 65_535;
}
