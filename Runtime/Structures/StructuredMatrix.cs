using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen;

/// <summary>
/// Weights W, O x I (outputs by inputs), in a structured format that may be known at run time only, and products with them:
/// Y[M, O] = X[M, I] * W^T, normalized where the format says so.
/// </summary>
/// <remarks>
/// <para>
/// The weights are loaded from named tensors and held as a tree of stages over dense matrices, one for each cell of the format. <see cref="Pack"/>
/// keeps the faster arrangement of each.
/// </para>
/// <para>
/// Any number of threads may read and multiply at once. No memory is freed under a running product; one that runs while the matrix is
/// disposed may throw <see cref="ObjectDisposedException"/> and leave its output half written.
/// </para>
/// </remarks>
public unsafe partial class StructuredMatrix : IWeightMatrix
{
    private readonly Stage _stage;
    private readonly CellStage[] _cells;
    private readonly QuantizedMatrix[] _matrices;
    private readonly TensorSet _sides;
    private readonly TensorInfo[] _tensors;

    private protected StructuredMatrix(StructureDescriptor format, long outputs, long inputs, TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        Format = format;
        Outputs = outputs;
        Inputs = inputs;
        if (outputs < 1)
        {
            throw new MatrixShapeException($"A structured matrix has at least 1 output; {outputs} x {inputs} was asked for.", nameof(outputs));
        }

        long[] partInputs = format.Weight.ReadPartInputs(tensors, inputs);
        PartInputs = partInputs;
        Slabs = format.Weight.HasSlabs ? format.Weight.ReadSlabs(tensors, string.Empty, outputs) : 0;
        _tensors = [.. format.Tensors(outputs, inputs, format.Weight.HasSlabs ? [.. partInputs, Slabs] : partInputs)];
        CheckShapes(tensors);
        _stage = format.Weight.Load(tensors, NodeScope.Root(outputs, inputs, partInputs, Slabs));
        _cells = [.. _stage.Cells];
        _matrices = [.. _cells.Select(static cell => cell.Matrix)];
        _sides = CopySides(tensors);
        ByteCount = _tensors.Sum(static tensor => tensor.ByteCount);
    }

    /// <summary>The format.</summary>
    public StructureDescriptor Format { get; }

    /// <summary>Rows O, at least 1.</summary>
    public long Outputs { get; }

    /// <summary>Row length I, at least 1.</summary>
    public long Inputs { get; }

    /// <summary>The columns of each part of the partition; empty where there is none.</summary>
    public IReadOnlyList<long> PartInputs { get; }

    /// <summary>Slabs or runs of the outputs that share parameters; 0 where the format has no such parameters.</summary>
    public long Slabs { get; }

    /// <summary>Bytes that store the matrix: all tensors, packed arrangements apart.</summary>
    public long ByteCount { get; }

    /// <summary>The matrices of the cells.</summary>
    internal IReadOnlyList<QuantizedMatrix> Matrices => _matrices;

    /// <summary>Whether the cells' matrices are packed.</summary>
    public bool IsPacked => _matrices.All(static matrix => matrix.IsPacked);

    /// <summary>Bytes <see cref="Pack"/> takes beside the stored rows.</summary>
    public long PackedByteCount => _matrices.Sum(static matrix => matrix.PackedByteCount);

    /// <summary>Makes a matrix from its tensors, which are copied.</summary>
    /// <param name="format">The format.</param>
    /// <param name="outputs">Rows O, at least 1.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="tensors">Exactly the tensors that <see cref="StructureDescriptor.Tensors"/> lists.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="StoredTensorException">
    /// A tensor is missing, unknown, or of another type or shape than the format, O, I and the mask say; the mask names a part that does
    /// not exist; or a scale, minimum or vector holds a number that is not finite.
    /// </exception>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix.</exception>
    public static StructuredMatrix FromTensors(StructureDescriptor format, long outputs, long inputs, TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(format);
        return new(format, outputs, inputs, tensors);
    }

    /// <summary>Copies the tensors the matrix is stored as.</summary>
    /// <returns>The tensors; dispose them.</returns>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public TensorSet ToTensors()
    {
        // Throws where the matrix was disposed, before the side tensors are asked for.
        _ = _matrices[0].Blocks;
        TensorSet tensors = new();
        int cell = 0;
        foreach (TensorInfo info in _tensors)
        {
            StoredTensor copy = tensors.Add(info);
            if (IsBlocks(info))
            {
                _cells[cell++].StoreBlocks(copy.Pointer);
            }
            else
            {
                Buffer.MemoryCopy(_sides[info.Name].Pointer, copy.Pointer, info.ByteCount, info.ByteCount);
            }
        }

        GC.KeepAlive(this);
        return tensors;
    }

    /// <summary>Packs the matrices of all cells, as <see cref="QuantizedMatrix.Pack"/> does.</summary>
    /// <param name="target">The kernels that pack, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for the panels.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Pack(KernelTarget? target = null, int threads = 0)
    {
        foreach (QuantizedMatrix matrix in _matrices)
        {
            matrix.Pack(target, threads);
        }
    }

    /// <summary>
    /// Packs the matrices of the cells whose panels take at most <paramref name="growth"/> times the bytes of the cell's stored weights, as
    /// <see cref="QuantizedMatrix.PackWithin"/> does. Products read the stored rows of the others.
    /// </summary>
    /// <param name="growth">The most that panels may take, as a multiple of a cell's stored bytes; 1.1 refuses every re-coding to wider codes.</param>
    /// <param name="target">The kernels that pack, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>Whether panels of every cell in the layout of the target are kept now.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="growth"/> is negative or no number.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for the panels.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public bool PackWithin(double growth, KernelTarget? target = null, int threads = 0)
    {
        bool all = true;
        foreach (QuantizedMatrix matrix in _matrices)
        {
            all &= matrix.PackWithin(growth, target, threads);
        }

        return all;
    }

    /// <summary>Drops the packed arrangements, at once or when the products that read them have ended.</summary>
    public void Unpack()
    {
        foreach (QuantizedMatrix matrix in _matrices)
        {
            matrix.Unpack();
        }
    }

    /// <summary>Frees the memory, at once or when running calls have ended.</summary>
    public void Dispose()
    {
        _stage.Dispose();
        _sides.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Format.Name} {Outputs} x {Inputs}";

    private static bool IsBlocks(TensorInfo info) => info.Name.EndsWith(CellNode.Blocks, StringComparison.Ordinal);

    private void CheckShapes(TensorSet tensors)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (TensorInfo expected in _tensors)
        {
            known.Add(expected.Name);
            TensorInfo actual = tensors[expected.Name].Info;
            if (!actual.HasSameShape(expected))
            {
                string counts = PartInputs.Count == 0 ? string.Empty : $" (the mask gives the parts {string.Join(", ", PartInputs)} columns)";
                throw new StoredTensorException(expected.Name, $"it is {actual}; {Format.Name} {Outputs} x {Inputs} has {expected}{counts}.");
            }
        }

        foreach (StoredTensor tensor in tensors.Tensors)
        {
            if (!known.Contains(tensor.Info.Name))
            {
                throw new StoredTensorException(tensor.Info.Name, $"{Format.Name} {Outputs} x {Inputs} has no such tensor; it has {string.Join(", ", known)}.");
            }
        }
    }

    /// <summary>Copies everything but the cells' rows, which their matrices keep.</summary>
    private TensorSet CopySides(TensorSet tensors)
    {
        TensorSet sides = new();
        foreach (TensorInfo info in _tensors.Where(static info => !IsBlocks(info)))
        {
            Buffer.MemoryCopy(tensors[info.Name].Pointer, sides.Add(info).Pointer, info.ByteCount, info.ByteCount);
        }

        return sides;
    }
}
