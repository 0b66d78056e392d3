using System;

namespace KernelGen;

/// <summary>
/// Quantizes the activations of a product in a declared format before they are multiplied: to integers and steps for int8 kernels, which the format's
/// encoder and its stored rows give, or to the f32 numbers the stored rows decode to. Each row is encoded as a matrix of its own, so that it depends on no other row.
/// A row with a NaN or an infinity becomes NaN.
/// </summary>
internal unsafe struct ActivationEncoding : IRangeWork
{
    private KernelSet _kernels;
    private ActivationForm? _form;
    private float* _activations;
    private long _stride;
    private long _inputs;
    private int _groupInputs;
    private EncodedActivations _encoded;
    private float* _decoded;
    private byte* _own;
    private long _ownBytes;
    private long _rowSideOffset;
    private long _tensorSideOffset;
    private long _codesOffset;
    private long _parametersOffset;

    /// <summary>Checks that a product can take its activations in a format.</summary>
    /// <param name="weights">The format of the weights.</param>
    /// <param name="activations">The format of the activations.</param>
    /// <param name="mode">The arithmetic the product is computed in.</param>
    /// <param name="inputs">Row length K.</param>
    /// <exception cref="ActivationFormatException">It cannot.</exception>
    public static void Check(FormatDescriptor weights, FormatDescriptor activations, ComputeMode mode, long inputs)
    {
        string? fault = !activations.HasEncoder ? "it has no encoder (KG0053)"
            : activations.Ragged == RaggedRows.Reject && inputs % activations.BlockInputs != 0 ? $"it rejects rows of {inputs}, which is no multiple of {activations.BlockInputs}"
            : null;
        string advice = "Choose another format of activations.";
        if (fault is null && mode == ComputeMode.Int8)
        {
            fault = weights.ActivationFault(activations);
            advice = "Multiply with ComputeMode.Float32, which takes every format of activations.";
        }

        if (fault is not null)
        {
            throw new ActivationFormatException($"{activations.Name} cannot be the format of the activations of {weights.Name}: {fault}. {advice}");
        }
    }

    /// <summary>Quantizes the activation rows of a product and has it take them.</summary>
    /// <param name="product">The product, its rows and threads set.</param>
    /// <param name="format">A format that was checked.</param>
    /// <param name="mode">The arithmetic the product is computed in.</param>
    /// <returns>Scratch that holds them; hand it back to <see cref="ScratchCache"/> after the product.</returns>
    public static NativeBuffer Encode(ref ProductContext product, FormatDescriptor format, ComputeMode mode)
    {
        long rows = product.PartRows;
        ActivationEncoding work = new()
        {
            _kernels = TargetSelection.Select(format),
            _form = mode == ComputeMode.Int8 ? format.ActivationForm : null,
            _activations = product.PartActivations,
            _stride = product.ActivationStride,
            _inputs = product.Inputs,
            _groupInputs = product.Format.Activations.GroupInputs,
        };
        long groups = (product.Inputs + work._groupInputs - 1) / work._groupInputs;
        long blocks = (product.Inputs + format.BlockInputs - 1) / format.BlockInputs;

        ScratchLayout own = default;
        own.Add(checked(blocks * format.BlockBytes));
        work._rowSideOffset = own.Add(format.RowSideBytes);
        work._tensorSideOffset = own.Add(format.TensorSideBytes);
        work._codesOffset = own.Add((long)format.CodesPerBlock * format.CodeBytes);
        work._parametersOffset = own.Add((long)format.ParametersPerBlock * sizeof(uint));
        work._ownBytes = own.Bytes;

        ScratchLayout all = default;
        all.Add(checked(work._ownBytes * product.Threads));
        long first = all.Add(checked(rows * product.Inputs * (work._form is null ? sizeof(float) : sizeof(sbyte))));
        long steps = all.Add(work._form is null ? 0 : checked(rows * groups * sizeof(float)));
        NativeBuffer scratch = ScratchCache.Rent(all.Bytes);
        try
        {
            work._own = scratch.Pointer;
            if (work._form is null)
            {
                work._decoded = (float*)(scratch.Pointer + first);
                product.Activations = work._decoded - (product.Part.FirstRow * product.Inputs);
                product.ActivationStride = product.Inputs;
            }
            else
            {
                work._encoded = new EncodedActivations
                {
                    Codes = (sbyte*)(scratch.Pointer + first),
                    CodeStride = product.Inputs,
                    Steps = (float*)(scratch.Pointer + steps),
                    StepStride = groups,
                };
                product.Encoded = work._encoded;
            }

            product.Pool.Run(work, rows, product.Threads);
            return scratch;
        }
        catch
        {
            ScratchCache.Return(scratch);
            throw;
        }
    }

    /// <inheritdoc/>
    public readonly void Run(long first, long end, int participant)
    {
        byte* own = _own + (participant * _ownBytes);
        byte* rowSide = own + _rowSideOffset;
        byte* tensorSide = own + _tensorSideOffset;
        for (long row = first; row < end; row++)
        {
            float* x = _activations + (row * _stride);
            bool isFinite = FiniteScan.FirstNonFinite(x, _inputs) < 0;
            if (isFinite)
            {
                if (_kernels.QuantizeTensor != null)
                {
                    _kernels.QuantizeTensor(x, _stride, 1, _inputs, tensorSide);
                }

                _kernels.QuantizeRow(x, _inputs, own, rowSide, tensorSide);
            }

            if (_form is null)
            {
                float* decoded = _decoded + (row * _inputs);
                if (isFinite)
                {
                    _kernels.DequantizeRow(own, rowSide, tensorSide, _inputs, decoded);
                }
                else
                {
                    new Span<float>(decoded, checked((int)_inputs)).Fill(float.NaN);
                }

                continue;
            }

            EncodedActivations to = _encoded.From(row);
            if (isFinite)
            {
                _form.Read(own, rowSide, tensorSide, _kernels.UnpackBlock, _inputs, _groupInputs, to.Codes, to.Steps, own + _codesOffset, (uint*)(own + _parametersOffset));
            }
            else
            {
                new Span<sbyte>(to.Codes, checked((int)_inputs)).Clear();
                new Span<float>(to.Steps, checked((int)to.StepStride)).Fill(float.NaN);
            }
        }
    }
}
