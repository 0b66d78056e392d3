using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// Named tensors: what a structured matrix is stored as, and what encoders write. Nothing is checked against a format here;
/// <see cref="StructuredMatrix.FromTensors"/> does that.
/// </summary>
public sealed unsafe class TensorSet : IDisposable
{
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>All tensors, in no particular order.</summary>
    public IReadOnlyCollection<StoredTensor> Tensors => _tensors.Values;

    /// <summary>The tensor of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="StoredTensorException">There is none.</exception>
    public StoredTensor this[string name] => _tensors.TryGetValue(name, out StoredTensor? tensor)
        ? tensor
        : throw new StoredTensorException(name, "it is missing.");

    /// <summary>Whether there is a tensor of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether there is one.</returns>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>Adds a tensor of zeros.</summary>
    /// <param name="info">What it is.</param>
    /// <returns>The tensor, to be filled.</returns>
    /// <exception cref="ArgumentException">There is a tensor of that name.</exception>
    public StoredTensor Add(TensorInfo info) => Put(new StoredTensor(info));

    /// <summary>Adds a tensor as a copy of bytes.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">There is a tensor of that name.</exception>
    /// <exception cref="StoredTensorException">There are more or fewer bytes than the shape takes.</exception>
    public StoredTensor Add(TensorInfo info, ReadOnlySpan<byte> bytes)
    {
        CheckLength(info, bytes.Length);
        StoredTensor tensor = Add(info);
        bytes.CopyTo(tensor.AsSpan());
        return tensor;
    }

    /// <summary>Adds a tensor over memory that the caller keeps for as long as the set is used.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="data">Its first byte.</param>
    /// <param name="bytes">How many bytes there are.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">There is a tensor of that name.</exception>
    /// <exception cref="StoredTensorException">There are more or fewer bytes than the shape takes.</exception>
    public StoredTensor AddView(TensorInfo info, byte* data, long bytes)
    {
        CheckLength(info, bytes);
        if (bytes > 0)
        {
            ArgumentNullException.ThrowIfNull(data);
        }

        return Put(new StoredTensor(info, data));
    }

    /// <summary>Adds the tensors of a matrix in a format of one cell, as copies.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="prefix">What their names start with: empty for the cell itself, "parts.p." for part p of a partition.</param>
    /// <exception cref="ArgumentException">There is a tensor of such a name.</exception>
    public void AddCell(QuantizedMatrix matrix, string prefix = "") => CellTensors.Store(matrix, this, prefix);

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (StoredTensor tensor in _tensors.Values)
        {
            tensor.Free();
        }

        _tensors.Clear();
    }

    private static void CheckLength(TensorInfo info, long bytes)
    {
        if (bytes != info.ByteCount)
        {
            throw new StoredTensorException(info.Name, $"{bytes} bytes were given for {info}, which takes {info.ByteCount}.");
        }
    }

    private StoredTensor Put(StoredTensor tensor)
    {
        if (!_tensors.TryAdd(tensor.Info.Name, tensor))
        {
            tensor.Free();
            throw new ArgumentException($"There is a tensor '{tensor.Info.Name}' already.", nameof(tensor));
        }

        return tensor;
    }
}
