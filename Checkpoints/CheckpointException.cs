using System;

namespace KernelGen.Checkpoints;

/// <summary>
/// Stored weights cannot be opened or written: a tensor or a configuration field is missing, contradicts another, or says something that no
/// declared format stores.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="field">The tensor or field.</param>
/// <param name="problem">What is wrong and what was expected, as sentences.</param>
/// <param name="innerException">The cause, if another exception reported it first.</param>
public sealed class CheckpointException(string path, string field, string problem, Exception? innerException = null)
    : FormatException($"{path}, {field}: {problem}", innerException)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The tensor or the configuration field that is wrong.</summary>
    public string Field { get; } = field;
}
