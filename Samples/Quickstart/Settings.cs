using System;
using System.Collections.Generic;
using KernelGen;

namespace Quickstart;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings
{
    /// <summary>A model file, or null for <see cref="DefaultModel"/>.</summary>
    public required string? File { get; init; }

    /// <summary>The GGUF file to write, or null to measure instead.</summary>
    public required string? Export { get; init; }

    /// <summary>The formats to try.</summary>
    public required IReadOnlyList<Candidate> Formats { get; init; }

    /// <summary>The target, the threads and the arithmetic of products.</summary>
    public required MultiplyOptions Options { get; init; }

    /// <summary>Whether to print one JSON object a line instead of a table.</summary>
    public required bool Json { get; init; }
}

/// <summary>The command line asks for something that is not there. The message says what is.</summary>
/// <param name="message">The message.</param>
internal sealed class UsageException(string message) : Exception(message);
