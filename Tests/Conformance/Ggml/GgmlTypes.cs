using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Formats;

namespace KernelGen.Conformance.Ggml;

/// <summary>The catalogue's declarations of ggml types, by ggml's names.</summary>
internal static class GgmlTypes
{
    /// <summary>The declaration that bears a ggml type's name: case apart, the same name.</summary>
    /// <param name="type">ggml's name, such as q4_K.</param>
    /// <returns>The format, or null where the catalogue has none.</returns>
    public static FormatDescriptor? Find(string type) => FormatCatalogue.All
        .Where(f => string.Equals(f.Name, type, StringComparison.OrdinalIgnoreCase) && f.RowSideBytes + f.TensorSideBytes == 0)
        .OrderByDescending(f => f.FullName.Contains("Ggml", StringComparison.Ordinal))
        .FirstOrDefault();
}
