using System;

namespace KernelGen.Bench.Peers;

/// <summary>
/// <c>ggml_mul_mat</c> of the same activations with one copy of the weights after another, all in one graph, as a model's layers are.
/// </summary>
internal sealed unsafe class GgmlProduct : IDisposable
{
    private readonly GgmlLibrary _library;
    private readonly GgmlContext _context;
    private readonly nint _graph;
    private readonly nint _last;
    private nint _buffer;

    /// <summary>Builds the graph.</summary>
    /// <param name="weights">The weights; they outlive the product.</param>
    /// <param name="rows">Rows of activations M.</param>
    /// <param name="copies">Copies to multiply with.</param>
    /// <param name="activations">Activations [M, K].</param>
    /// <exception cref="PeerException">There is no memory.</exception>
    public GgmlProduct(GgmlWeights weights, int rows, int copies, ReadOnlySpan<float> activations)
    {
        _library = weights.Library;
        GgmlFunctions functions = _library.Functions;
        Count = copies;
        Rows = rows;
        Outputs = weights.Outputs;
        _context = new GgmlContext(_library, copies + 1, (2 * copies) + 2);
        nint x = _context.Tensor(GgmlContext.Float32, weights.Inputs, rows);
        nint[] products = new nint[copies];
        for (int i = 0; i < copies; i++)
        {
            products[i] = functions.Multiply(_context.Handle, weights[i], x);
        }

        nuint alignment = functions.Alignment(_library.PlainBufferType);
        nuint first = Aligned(functions.TensorBytes(x)), each = Aligned(functions.TensorBytes(products[0]));
        _buffer = functions.Allocate(_library.PlainBufferType, first + (each * (nuint)copies));
        if (_buffer == 0)
        {
            _context.Dispose();
            throw new PeerException($"{_library} could not allocate {first + (each * (nuint)copies) >> 20} MiB of activations.");
        }

        byte* at = functions.BufferBase(_buffer);
        functions.Place(_buffer, x, at);
        at += first;
        _graph = functions.NewGraph(_context.Handle, (nuint)((2 * copies) + 2), 0);
        foreach (nint product in products)
        {
            functions.Place(_buffer, product, at);
            at += each;
            functions.ExpandGraph(_graph, product);
        }

        _last = products[^1];
        fixed (float* data = activations)
        {
            functions.Set(x, data, 0, functions.TensorBytes(x));
        }

        nuint Aligned(nuint bytes) => (bytes + alignment - 1) / alignment * alignment;
    }

    /// <summary>Products that one run computes.</summary>
    public int Count { get; }

    /// <summary>Rows of activations M.</summary>
    public int Rows { get; }

    /// <summary>Outputs N.</summary>
    public long Outputs { get; }

    /// <summary>Computes them all.</summary>
    /// <param name="threads">Threads.</param>
    /// <exception cref="PeerException">ggml reports a failure.</exception>
    public void Run(int threads) => _library.Compute(_graph, threads);

    /// <summary>The last product, [M, N].</summary>
    public float[] Result()
    {
        float[] result = new float[Rows * Outputs];
        fixed (float* data = result)
        {
            _library.Functions.Get(_last, data, 0, (nuint)result.Length * sizeof(float));
        }

        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer != 0)
        {
            _library.Functions.FreeBuffer(_buffer);
            _buffer = 0;
        }

        _context.Dispose();
    }
}
