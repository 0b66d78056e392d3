using System;

namespace KernelGen.Encoders;

/// <summary>An importance vector does not fit the weights: it has another length, or an entry that is negative or not finite.</summary>
/// <param name="message">What is wrong and what to do.</param>
public sealed class ImportanceException(string message) : ArgumentException(message);
