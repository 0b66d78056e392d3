using System;

namespace KernelGen.Bench.Peers;

/// <summary>Copies of a matrix in a buffer of ggml, arranged as the buffer's type wants them.</summary>
internal sealed unsafe class GgmlWeights : IDisposable
{
    private readonly GgmlContext _context;
    private readonly nint[] _tensors;
    private nint _buffer;

    private GgmlWeights(GgmlLibrary library, int copies)
    {
        Library = library;
        _context = new GgmlContext(library, copies + 2, 0);
        _tensors = new nint[copies];
    }

    /// <summary>ggml.</summary>
    public GgmlLibrary Library { get; }

    /// <summary>Number of copies.</summary>
    public int Count => _tensors.Length;

    /// <summary>Outputs N.</summary>
    public required long Outputs { get; init; }

    /// <summary>Inputs K.</summary>
    public required long Inputs { get; init; }

    /// <summary>The tensor of a copy.</summary>
    public nint this[int copy] => _tensors[copy];

    /// <summary>Copies stored weights into a buffer.</summary>
    /// <param name="library">ggml.</param>
    /// <param name="format">The type.</param>
    /// <param name="bufferType">The kind of buffer.</param>
    /// <param name="matrix">The weights.</param>
    /// <param name="copies">Number of copies.</param>
    /// <returns>The copies, or null where ggml multiplies no such weights from such a buffer.</returns>
    /// <exception cref="PeerException">There is no memory.</exception>
    public static GgmlWeights? TryCreate(GgmlLibrary library, GgmlFormat format, nint bufferType, QuantizedMatrix matrix, int copies)
    {
        GgmlWeights weights = new(library, copies) { Outputs = matrix.Outputs, Inputs = matrix.Inputs };
        if (!weights.Place(format, bufferType))
        {
            weights.Dispose();
            return null;
        }

        for (int i = 0; i < copies; i++)
        {
            library.Functions.Set(weights[i], matrix.Blocks, 0, (nuint)matrix.BlockByteCount);
        }

        return weights;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer != 0)
        {
            Library.Functions.FreeBuffer(_buffer);
            _buffer = 0;
        }

        _context.Dispose();
    }

    /// <summary>Makes the tensors and places them in one buffer.</summary>
    private bool Place(GgmlFormat format, nint bufferType)
    {
        GgmlFunctions functions = Library.Functions;
        nuint alignment = functions.Alignment(bufferType), each = 0;
        for (int i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = _context.Tensor(format.Type, Inputs, Outputs);
            each = functions.AllocationBytes(bufferType, _tensors[i]);
            each = (each + alignment - 1) / alignment * alignment;
        }

        _buffer = functions.Allocate(bufferType, each * (nuint)_tensors.Length);
        if (_buffer == 0)
        {
            throw new PeerException($"{Library} could not allocate {each * (nuint)_tensors.Length >> 20} MiB of weights.");
        }

        byte* at = functions.BufferBase(_buffer);
        foreach (nint tensor in _tensors)
        {
            if (functions.Place(_buffer, tensor, at) != 0)
            {
                return false;
            }

            at += each;
        }

        // Asked of a product that is never computed, before weights are set: a buffer that cannot arrange them ends the process.
        nint activations = _context.Tensor(GgmlContext.Float32, Inputs, 1);
        return Library.Supports(functions.Multiply(_context.Handle, _tensors[0], activations));
    }
}
