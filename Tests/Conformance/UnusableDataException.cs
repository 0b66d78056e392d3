using System;

namespace KernelGen.Conformance;

/// <summary>The reference data cannot be read; the message says what is wrong with which file.</summary>
internal sealed class UnusableDataException(string message) : Exception(message);
