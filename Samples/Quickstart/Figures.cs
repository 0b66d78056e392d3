using System;
using System.Collections.Generic;
using KernelGen;

namespace Quickstart;

/// <summary>What was found out about one format.</summary>
/// <param name="format">The format.</param>
/// <param name="target">The kernels that ran.</param>
internal sealed class Figures(Candidate format, KernelTarget target)
{
    private double _error;
    private double _weights;
    private double _decoded;
    private double _product;
    private long _count;

    /// <summary>The format.</summary>
    public Candidate Format { get; } = format;

    /// <summary>The kernels that ran.</summary>
    public KernelTarget Target { get; } = target;

    /// <summary>Bytes of all matrices it accepted.</summary>
    public long Bytes { get; private set; }

    /// <summary>Stored bits per weight, padding and side arrays included.</summary>
    public double? Bits => _count == 0 ? null : Bytes * 8.0 / _count;

    /// <summary>Squared error over squared weights, all matrices as one.</summary>
    public double? Nmse => _count == 0 ? null : _error == 0 ? 0 : _error / _weights;

    /// <summary>Cosine between weights and decoded weights, all matrices as one.</summary>
    public double? Cosine => _count == 0 ? null : _error == 0 ? 1 : _product / Math.Sqrt(_weights * _decoded);

    /// <summary>Stored gigabytes per second of products with one row of activations.</summary>
    public double? GemvGbs { get; set; }

    /// <summary>Gigaflops of products with many rows.</summary>
    public double? GemmGflops { get; set; }

    /// <summary>Matrices it could not store, each with the reason.</summary>
    public List<(string Matrix, string Reason)> Rejections { get; } = [];

    /// <summary>Counts a quantized matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    public void AddSize(IWeightMatrix matrix)
    {
        Bytes += matrix.ByteCount;
        _count += matrix.Outputs * matrix.Inputs;
    }

    /// <summary>Counts the error of one row.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="decoded">What they became.</param>
    public void AddError(ReadOnlySpan<float> weights, ReadOnlySpan<float> decoded)
    {
        double error = 0, ww = 0, dd = 0, wd = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double w = weights[i];
            double d = decoded[i];
            error += (w - d) * (w - d);
            ww += w * w;
            dd += d * d;
            wd += w * d;
        }

        _error += error;
        _weights += ww;
        _decoded += dd;
        _product += wd;
    }
}
