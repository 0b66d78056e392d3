using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// Tiles: blocks whose only parameter, a scale, is shared by several outputs, or by several blocks of a row, or both. The scale of a tile is the largest that the
/// cell's own encoder finds for one of its blocks, which is that of the tile's range; a code is the nearest, the even one of two.
/// </summary>
/// <remarks>
/// Source: two-dimensional blocks of Darvish Rouhani et al., Pushing the Limits of Narrow Precision Inferencing at Cloud Scale with Microsoft
/// Floating Point (2020).
/// </remarks>
public sealed class TileEncoder : StructureEncoder
{
    /// <inheritdoc/>
    public override string Expects => "a cell with an encoder whose only parameter is a scale of a block, shared by several outputs or blocks of a row";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is CellNode { Format: { HasEncoder: true, CodeBits: <= 8, Parameters: [{ Role: "scale", EntriesPerBlock: > 0 }] } cell, Shared: [{ Bytes: > 0, IsFlat: false }] }
            && cell.CodesPerBlock == cell.BlockInputs && cell.Ragged == RaggedRows.Pad;
    }

    private protected override unsafe TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        CellNode node = (CellNode)format.Weight;
        using QuantizedMatrix rows = QuantizedMatrix.Quantize(node.Format, weights.First, weights.Stride, weights.Outputs, weights.Inputs, threads);
        TensorInfo[] infos = [.. format.Tensors(weights.Outputs, weights.Inputs)];
        TensorSet tensors = new();
        TileWork work = new()
        {
            Weights = weights,
            Cell = node.Format,
            Shared = node.Shared[0],
            Rows = rows,
            Blocks = tensors.Add(infos.Single(info => info.Name == "blocks")),
            Entries = tensors.Add(infos.Single(info => info.Name == node.Shared[0].Name)),
        };

        // One after another where entries share bytes.
        WorkerPool.Shared.Run(work, work.Entries.Info.Shape[0], work.Entries.Info.ByteCount >= work.Entries.Info.Count ? threads : 1);
        return tensors;
    }

    /// <summary>An item is a row of tiles.</summary>
    private unsafe struct TileWork : IRangeWork
    {
        public WeightRows Weights;
        public FormatDescriptor Cell;
        public SharedParameter Shared;
        public QuantizedMatrix Rows;
        public StoredTensor Blocks;
        public StoredTensor Entries;

        public readonly void Run(long first, long end, int participant)
        {
            Dictionary<uint, NearestCode> tables = [];
            int perBlock = Cell.ParametersPerBlock;
            byte[] codes = new byte[RowCodes.Padded(Cell, Weights.Inputs)];
            long perRow = codes.Length / Cell.BlockInputs * perBlock;
            long stored = Entries.Info.Shape[1];
            byte[] whole = new byte[Cell.RowBytes(Weights.Inputs)];
            uint[] entries = new uint[perRow];
            uint[] own = new uint[perRow];
            for (long tile = first; tile < end; tile++)
            {
                long begin = tile * Shared.Outputs;
                long stop = Math.Min(begin + Shared.Outputs, Weights.Outputs);
                for (long row = begin; row < stop; row++)
                {
                    Unpack(row, codes, own);
                    for (int e = 0; e < own.Length; e++)
                    {
                        entries[e] = row == begin || Table(tables, own[e]).Largest > Table(tables, entries[e]).Largest ? own[e] : entries[e];
                    }
                }

                for (int run = 0; run < perRow && Shared.Blocks > 1; run += Shared.Blocks)
                {
                    Span<uint> same = entries.AsSpan(run, (int)Math.Min(Shared.Blocks, perRow - run));
                    uint largest = same[0];
                    foreach (uint entry in same)
                    {
                        largest = Table(tables, entry).Largest > Table(tables, largest).Largest ? entry : largest;
                    }

                    same.Fill(largest);
                }

                for (long e = 0; e < stored; e++)
                {
                    Entries.SetBits((tile * stored) + e, entries[e * Shared.Blocks]);
                }

                int group = Cell.BlockInputs / perBlock;
                for (long row = begin; row < stop; row++)
                {
                    float* w = Weights.Row(row);
                    for (int i = 0; i < codes.Length; i++)
                    {
                        codes[i] = Table(tables, entries[i / group]).Of(i < Weights.Inputs ? w[i] : 0);
                    }

                    Store(row, codes, entries, whole);
                }
            }
        }

        private readonly void Unpack(long row, byte[] codes, uint[] parameters)
        {
            byte* from = Rows.Blocks + (row * Rows.RowByteCount);
            fixed (byte* q = codes)
            {
                fixed (uint* p = parameters)
                {
                    for (long block = 0; block < Rows.RowByteCount / Cell.BlockBytes; block++)
                    {
                        Cell.Kernels[0].UnpackBlock(from + (block * Cell.BlockBytes), q + (block * Cell.BlockInputs), p + (block * Cell.ParametersPerBlock));
                    }
                }
            }
        }

        private readonly NearestCode Table(Dictionary<uint, NearestCode> tables, uint entry)
        {
            if (!tables.TryGetValue(entry, out NearestCode? table))
            {
                uint[] parameters = [.. Enumerable.Repeat(entry, Cell.ParametersPerBlock)];
                fixed (uint* p = parameters)
                {
                    table = new NearestCode(RowCodes.Values(Cell, p));
                }

                tables.Add(entry, table);
            }

            return table;
        }

        /// <summary>Stores a row's blocks without the bytes of the shared parameter.</summary>
        private readonly void Store(long row, byte[] codes, uint[] parameters, byte[] whole)
        {
            fixed (byte* q = codes, from = whole)
            {
                fixed (uint* p = parameters)
                {
                    RowCodes.Pack(Cell, q, p, from, whole.Length);
                }

                StoredBlocks.Store(Cell, Shared, from, whole.Length / Cell.BlockBytes, Blocks.Pointer + (row * Blocks.Info.Shape[1]));
            }
        }
    }
}
