using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen;

/// <summary>
/// A zero point, a scale and a minimum per input around other weights: <c>w = w - zero[i]</c>, then <c>w = w * scale[i]</c>, then
/// <c>w = w + min[i]</c>, in f32. They may be different ones for every group of consecutive outputs.
/// </summary>
/// <remarks>
/// Tensors: one of shape [I] for each, under its name; [groups of outputs, I] where groups have their own. I counts the inputs of the matrix.
/// </remarks>
/// <param name="weight">The weights.</param>
/// <param name="scale">The scale, or null.</param>
/// <param name="min">The minimum, or null.</param>
/// <param name="zero">The zero point, or null.</param>
public sealed class ColumnNode(WeightNode weight, ColumnParameter? scale, ColumnParameter? min, ColumnParameter? zero) : WeightNode
{
    /// <summary>The weights.</summary>
    public WeightNode Weight { get; } = weight;

    /// <summary>The scale per input, or null.</summary>
    public ColumnParameter? Scale { get; } = scale;

    /// <summary>The minimum per input, or null.</summary>
    public ColumnParameter? Min { get; } = min;

    /// <summary>The zero point per input, or null.</summary>
    public ColumnParameter? Zero { get; } = zero;

    /// <summary>Outputs that share an entry of each; 1: all of them.</summary>
    public int Outputs => (Scale ?? Min ?? Zero)!.Outputs;

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => Weight.Cells;

    internal override int PartCount => Weight.PartCount;

    internal override bool HasSlabs => Weight.HasSlabs;

    internal override long ReadSlabs(TensorSet tensors, string prefix, long outputs) => Weight.ReadSlabs(tensors, prefix, outputs);

    internal override ulong Hash(ulong before) => Weight.Hash(NodeHash.Add(before, $"columns {Scale?.Meaning};{Min?.Meaning}{(Zero is null ? string.Empty : ";" + Zero.Meaning)} "));

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs) => Weight.ReadPartInputs(tensors, inputs);

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope)
    {
        foreach (ColumnParameter? parameter in (ColumnParameter?[])[Scale, Min, Zero])
        {
            if (parameter is not null)
            {
                yield return parameter.Outputs == 1
                    ? new TensorInfo(scope.Prefix + parameter.Name, parameter.Type, scope.MatrixInputs)
                    : new TensorInfo(scope.Prefix + parameter.Name, parameter.Type, Groups(scope), scope.MatrixInputs);
            }
        }

        foreach (TensorInfo tensor in Weight.Tensors(scope))
        {
            yield return tensor;
        }
    }

    internal override Stage Load(TensorSet tensors, NodeScope scope) => new ColumnStage(
        Weight.Load(tensors, scope),
        Outputs == 1 ? scope.Outputs : Outputs,
        Outputs == 1,
        Read(Scale, tensors, scope),
        Read(Min, tensors, scope),
        Read(Zero, tensors, scope));

    private long Groups(NodeScope scope) => Outputs == 1 ? 1 : (scope.Outputs + Outputs - 1) / Outputs;

    private PinnedVector? Read(ColumnParameter? parameter, TensorSet tensors, NodeScope scope)
    {
        if (parameter is null)
        {
            return null;
        }

        int[]? entries = scope.Columns;
        if (entries is not null && Groups(scope) > 1)
        {
            entries = [.. Enumerable.Range(0, (int)Groups(scope)).SelectMany(group => scope.Columns!.Select(column => checked((int)((group * scope.MatrixInputs) + column))))];
        }

        return PinnedVector.Load(tensors[scope.Prefix + parameter.Name], entries, parameter.Number);
    }
}

/// <summary>A parameter per input.</summary>
/// <param name="Name">The name of its tensor.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Multiply">Factor of the affine transform.</param>
/// <param name="Add">Addend of the affine transform.</param>
/// <param name="Negative">Whether the transformed number is negated.</param>
/// <param name="Outputs">Consecutive outputs that share an entry; 1: all outputs share it.</param>
public sealed record ColumnParameter(string Name, ScalarType Type, float Multiply, float Add, bool Negative, int Outputs)
{
    /// <summary>All that decides what stored bits mean.</summary>
    internal string Meaning => FormattableString.Invariant(
        $"{Type},{BitConverter.SingleToInt32Bits(Multiply)},{BitConverter.SingleToInt32Bits(Add)},{(Negative ? 1 : 0)}{(Outputs == 1 ? string.Empty : "," + Outputs)}");

    /// <summary>The number stored bits stand for, transform included: one rounding for each step that is there.</summary>
    /// <param name="stored">The bits.</param>
    /// <returns>The number.</returns>
    public float Number(uint stored)
    {
        float number;
        if (Type is ScalarType.E8M0 or ScalarType.Exponent8 && !(Type == ScalarType.E8M0 && stored == 255))
        {
            // A product of powers of two, formed in one step, subnormals included.
            number = (float)(Math.ScaleB(1, (int)stored - 127) * Multiply);
        }
        else
        {
            number = ScalarElements.Number(Type, stored);
            number = Multiply == 1 ? number : number * Multiply;
            number = Add == 0 ? number : number + Add;
        }

        return Negative ? -number : number;
    }
}
