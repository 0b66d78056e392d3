namespace KernelGen;

/// <summary>Moves the part of a tile that lies inside the output between the output and scratch.</summary>
internal static unsafe class EdgeCopy
{
    /// <summary>Scratch to output.</summary>
    /// <param name="edge">First element in scratch.</param>
    /// <param name="edgeStride">Floats from one scratch row to the next.</param>
    /// <param name="y">First element in the output.</param>
    /// <param name="stride">Floats from one output row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static void Store(float* edge, long edgeStride, float* y, long stride, int rows, long columns) =>
        Copy(edge, edgeStride, y, stride, rows, columns);

    /// <summary>Output to scratch.</summary>
    /// <param name="y">First element in the output.</param>
    /// <param name="stride">Floats from one output row to the next.</param>
    /// <param name="edge">First element in scratch.</param>
    /// <param name="edgeStride">Floats from one scratch row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static void Load(float* y, long stride, float* edge, long edgeStride, int rows, long columns) =>
        Copy(y, stride, edge, edgeStride, rows, columns);

    private static void Copy(float* source, long sourceStride, float* destination, long destinationStride, int rows, long columns)
    {
        for (int m = 0; m < rows; m++, source += sourceStride, destination += destinationStride)
        {
            for (long n = 0; n < columns; n++)
            {
                destination[n] = source[n];
            }
        }
    }
}
