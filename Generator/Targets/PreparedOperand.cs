namespace KernelGen.Generator.Targets;

/// <summary>A local declared beside a vector of weights.</summary>
/// <param name="Suffix">Its name is the weights' with this suffix.</param>
/// <param name="Type">Its type.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct PreparedOperand(string Suffix, string Type, string Value);
