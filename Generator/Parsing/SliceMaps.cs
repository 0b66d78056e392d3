using System.Collections.Generic;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Affine maps of slices.</summary>
internal static class SliceMaps
{
    /// <summary>The shortest map that places the same: dimensions of one entry left out, dimensions that continue each other joined.</summary>
    public static EquatableArray<Dimension> Normal(IEnumerable<Dimension> dimensions)
    {
        List<Dimension> result = [];
        foreach (Dimension dimension in dimensions)
        {
            if (dimension.Count == 1)
            {
                continue;
            }

            int last = result.Count - 1;
            if (last >= 0 && (long)result[last].Count * result[last].Stride == dimension.Stride)
            {
                result[last] = new Dimension(result[last].Count * dimension.Count, result[last].Stride);
            }
            else
            {
                result.Add(dimension);
            }
        }

        return result.ToEquatableArray();
    }
}
