using System;

namespace KernelGen;

/// <summary>
/// A call needs the stored rows of a matrix that has packed panels only, opened from packed weights. The message says what needs
/// them.
/// </summary>
public sealed class StoredRowsMissingException : InvalidOperationException
{
    internal StoredRowsMissingException(QuantizedMatrix matrix, string what)
        : base($"{what} needs the stored rows of {matrix}, which has packed panels only. RestoreRows makes a matrix with stored rows from them.")
    {
    }
}
