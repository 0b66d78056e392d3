using System;

namespace KernelGen.Bench.Peers;

/// <summary>A <c>ggml_context</c> that holds descriptions of tensors and at most one graph, no data.</summary>
internal sealed unsafe class GgmlContext : IDisposable
{
    /// <summary>The number of f32 among ggml's types.</summary>
    public const int Float32 = 0;

    private readonly GgmlFunctions _functions;

    /// <summary>Creates the context.</summary>
    /// <param name="library">ggml.</param>
    /// <param name="tensors">Tensors it has room for.</param>
    /// <param name="nodes">Nodes of its graph, 0 for none.</param>
    /// <exception cref="PeerException">There is no memory.</exception>
    public GgmlContext(GgmlLibrary library, int tensors, int nodes)
    {
        _functions = library.Functions;
        nuint bytes = (_functions.TensorOverhead() * (nuint)tensors) + (nodes > 0 ? _functions.GraphOverhead((nuint)nodes, 0) : 0);
        Handle = _functions.Init(new GgmlInitParams { Bytes = bytes, NoAllocation = 1 });
        if (Handle == 0)
        {
            throw new PeerException($"{library} could not create a context of {bytes} bytes.");
        }
    }

    /// <summary>The context.</summary>
    public nint Handle { get; private set; }

    /// <summary>A tensor without data.</summary>
    public nint Tensor(int type, long inputs, long rows) => _functions.NewTensor(Handle, type, inputs, rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Handle != 0)
        {
            _functions.Free(Handle);
            Handle = 0;
        }
    }
}
