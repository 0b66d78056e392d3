using System;

namespace KernelGen.Bench;

/// <summary>An option asks for something there is not. The message names it and what there is.</summary>
/// <param name="message">What is wrong and what can be asked for.</param>
internal sealed class UsageException(string message) : Exception(message);
