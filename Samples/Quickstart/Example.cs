using System;
using System.Globalization;
using System.Text;
using KernelGen;

namespace Quickstart;

/// <summary>One product from beginning to end: quantize, pack, multiply, and why these kernels ran.</summary>
internal static unsafe class Example
{
    /// <summary>Multiplies the model's first matrix.</summary>
    /// <param name="model">The model.</param>
    /// <param name="format">The format.</param>
    /// <param name="options">How.</param>
    /// <returns>What happened, in lines.</returns>
    public static string Run(Model model, Candidate format, MultiplyOptions options)
    {
        Matrix source = model.Matrices[0];
        using NativeBuffer weights = source.Load();
        float* w = (float*)weights.Pointer;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"One product, y = W x, with {source} in {format}:\n");
        try
        {
            // The matrix knows its format at run time only; QuantizedMatrix<MyFormat>.Quantize(…) is for a format known in the code.
            using IWeightMatrix matrix = format.Quantize(w, source.Rows, source.Columns, options.Threads);
            matrix.Pack(options.Target, options.Threads);
            float[] x = Timing.Activations(source.Columns);
            float[] y = new float[source.Rows];
            matrix.Multiply(x, rows: 1, y, options);

            using NativeBuffer decoded = new(source.Count * sizeof(float));
            for (long row = 0; row < source.Rows; row++)
            {
                matrix.DequantizeRow(row, new Span<float>((float*)decoded.Pointer + (row * source.Columns), source.Columns), options.Target);
            }

            text.Append(CultureInfo.InvariantCulture, $"  {matrix.ByteCount:N0} bytes stored, {matrix.PackedByteCount:N0} packed\n");
            text.Append(CultureInfo.InvariantCulture, $"  distance to the product with the f32 weights: {Distance(w, x, y):P2}\n");
            text.Append(CultureInfo.InvariantCulture, $"  distance to the product with the dequantized weights: {Distance((float*)decoded.Pointer, x, y):P4} ({options.Mode} arithmetic)\n");
        }
        catch (Exception exception) when (exception is MatrixShapeException or NonFiniteWeightException or StoredTensorException)
        {
            text.Append("  ").Append(exception.Message).Append('\n');
        }

        string reasons = format.Explain().TrimEnd('\n');
        text.Append("  ").Append(reasons.Replace("\n", "\n  ", StringComparison.Ordinal));
        if (options.Target is { } target)
        {
            text.Append("\n  but this call named ").Append(target);
        }

        return text.ToString();
    }

    // |y - W x| / |W x|
    private static double Distance(float* weights, float[] x, float[] y)
    {
        double error = 0;
        double size = 0;
        for (int row = 0; row < y.Length; row++)
        {
            double sum = 0;
            for (int column = 0; column < x.Length; column++)
            {
                sum += (double)weights[((long)row * x.Length) + column] * x[column];
            }

            error += (sum - y[row]) * (sum - y[row]);
            size += sum * sum;
        }

        return size == 0 ? 0 : Math.Sqrt(error / size);
    }
}
