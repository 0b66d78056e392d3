using System;

namespace KernelGen.Encoders;

/// <summary>A format is of a kind that <see cref="SearchedEncoder"/> does not search.</summary>
/// <param name="format">The format.</param>
/// <param name="reason">Why.</param>
public sealed class SearchUnsupportedException(FormatDescriptor format, string reason)
    : NotSupportedException($"{format.Name} cannot be encoded by a search: {reason}. Use QuantizedMatrix.Quantize where the format has an encoder of its own.");
