using System;
using System.Collections.Generic;
using KernelGen.Bench.Peers;

namespace KernelGen.Bench.Kernels;

/// <summary>One format's weights in each of ggml's buffers that multiply them.</summary>
internal sealed class PeerWeights : IDisposable
{
    private readonly List<(string Name, GgmlWeights Weights)> _buffers = [];

    /// <summary>Copies the weights of a ring.</summary>
    public PeerWeights(GgmlLibrary library, GgmlFormat format, WeightRing ring)
    {
        Add("ggml", library.PlainBufferType);
        foreach ((string name, nint type) in library.RepackBufferTypes)
        {
            Add(name.Contains("REPACK", StringComparison.OrdinalIgnoreCase) ? "ggml repack" : $"ggml {name}", type);
        }

        void Add(string name, nint type)
        {
            if (GgmlWeights.TryCreate(library, format, type, ring.Source, ring.Count) is { } weights)
            {
                _buffers.Add((name, weights));
            }
        }
    }

    /// <summary>The buffers by name.</summary>
    public IReadOnlyList<(string Name, GgmlWeights Weights)> Buffers => _buffers;

    /// <inheritdoc/>
    public void Dispose() => _buffers.ForEach(buffer => buffer.Weights.Dispose());
}
