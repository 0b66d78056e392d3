using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen;

namespace Quickstart;

/// <summary>Quantizes every matrix in every format, measures the error, then times products.</summary>
internal static unsafe class Evaluation
{
    /// <summary>Does all of it.</summary>
    /// <param name="model">The matrices.</param>
    /// <param name="settings">What to do.</param>
    /// <param name="report">Gets the figures.</param>
    public static void Run(Model model, Settings settings, IReport report)
    {
        Figures[] all = [.. settings.Formats.Select(f => new Figures(f, f.Target(settings.Options.Target)))];
        TimedWeights timed = TimedWeights.Choose(model);
        report.Begin(model, timed);
        Progress.Run(!settings.Json, all.Length * (model.Matrices.Count + 1), step =>
        {
            foreach (Matrix matrix in model.Matrices)
            {
                using NativeBuffer weights = matrix.Load();
                foreach (Figures figures in all)
                {
                    step($"{figures.Format}: {matrix.Name}");
                    AddMatrix(figures, matrix, (float*)weights.Pointer, settings.Options);
                }
            }

            using NativeBuffer tile = timed.Load();
            using CacheFlush flush = new();
            foreach (Figures figures in all)
            {
                step($"{figures.Format}: speed");
                AddSpeed(figures, timed, tile, flush, settings.Options);
                report.Add(figures);
            }
        });
        report.End(model, all);
    }

    private static void AddMatrix(Figures figures, Matrix matrix, float* weights, MultiplyOptions options)
    {
        try
        {
            using IWeightMatrix quantized = figures.Format.Quantize(weights, matrix.Rows, matrix.Columns, options.Threads);
            figures.AddSize(quantized);
            float[] decoded = new float[matrix.Columns];
            for (long row = 0; row < matrix.Rows; row++)
            {
                quantized.DequantizeRow(row, decoded, options.Target);
                figures.AddError(new ReadOnlySpan<float>(weights + (row * matrix.Columns), matrix.Columns), decoded);
            }
        }
        catch (Exception exception) when (exception is MatrixShapeException or NonFiniteWeightException or StoredTensorException)
        {
            figures.Rejections.Add((matrix.Name, exception.Message));
        }
    }

    private static void AddSpeed(Figures figures, TimedWeights timed, NativeBuffer tile, CacheFlush flush, MultiplyOptions options)
    {
        try
        {
            using IWeightMatrix matrix = timed.Quantize(figures.Format, tile, options.Threads);
            matrix.Pack(options.Target, options.Threads);
            figures.GemvGbs = matrix.ByteCount / Timing.BestSeconds(flush, matrix, 1, options) / 1e9;
            figures.GemmGflops = 2.0 * Timing.GemmRows * matrix.Outputs * matrix.Inputs / Timing.BestSeconds(flush, matrix, Timing.GemmRows, options) / 1e9;
        }
        catch (Exception exception) when (exception is MatrixShapeException or NonFiniteWeightException or StoredTensorException)
        {
            figures.Rejections.Add(("the matrix for timing", exception.Message));
        }
    }
}
