namespace KernelGen;

/// <summary>One scale, minimum or zero point of a format.</summary>
/// <param name="Name">The name under which it is stored.</param>
/// <param name="Role">"scale", "min" or "zero".</param>
/// <param name="Type">The stored type.</param>
/// <param name="Per">Inputs that share one entry, <see cref="Extent.Row"/> or <see cref="Extent.Tensor"/>.</param>
/// <param name="EntriesPerBlock">Entries in a block; 0 for side arrays.</param>
public sealed record FormatParameter(string Name, string Role, ScalarType Type, int Per, int EntriesPerBlock);
