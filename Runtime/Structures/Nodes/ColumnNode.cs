using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>A scale and a minimum per input around other weights: <c>w = w * scale[i]</c>, then <c>w = w + min[i]</c>, in f32.</summary>
/// <remarks>Tensors: one of shape [I] for each, under its name; I counts the inputs of the matrix.</remarks>
/// <param name="weight">The weights.</param>
/// <param name="scale">The scale, or null.</param>
/// <param name="min">The minimum, or null.</param>
public sealed class ColumnNode(WeightNode weight, ColumnParameter? scale, ColumnParameter? min) : WeightNode
{
    /// <summary>The weights.</summary>
    public WeightNode Weight { get; } = weight;

    /// <summary>The scale per input, or null.</summary>
    public ColumnParameter? Scale { get; } = scale;

    /// <summary>The minimum per input, or null.</summary>
    public ColumnParameter? Min { get; } = min;

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => Weight.Cells;

    internal override int PartCount => Weight.PartCount;

    internal override ulong Hash(ulong before) => Weight.Hash(NodeHash.Add(before, $"columns {Scale?.Meaning};{Min?.Meaning} "));

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs) => Weight.ReadPartInputs(tensors, inputs);

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope)
    {
        if (Scale is not null)
        {
            yield return new TensorInfo(scope.Prefix + Scale.Name, Scale.Type, scope.MatrixInputs);
        }

        if (Min is not null)
        {
            yield return new TensorInfo(scope.Prefix + Min.Name, Min.Type, scope.MatrixInputs);
        }

        foreach (TensorInfo tensor in Weight.Tensors(scope))
        {
            yield return tensor;
        }
    }

    internal override Stage Load(TensorSet tensors, NodeScope scope) =>
        new ColumnStage(Weight.Load(tensors, scope), Read(Scale, tensors, scope), Read(Min, tensors, scope));

    private static PinnedVector? Read(ColumnParameter? parameter, TensorSet tensors, NodeScope scope) =>
        parameter is null ? null : PinnedVector.Load(tensors[scope.Prefix + parameter.Name], scope.Columns, parameter.Number);
}

/// <summary>A parameter per input.</summary>
/// <param name="Name">The name of its tensor.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Multiply">Factor of the affine transform.</param>
/// <param name="Add">Addend of the affine transform.</param>
/// <param name="Negative">Whether the transformed number is negated.</param>
public sealed record ColumnParameter(string Name, ScalarType Type, float Multiply, float Add, bool Negative)
{
    /// <summary>All that decides what stored bits mean.</summary>
    internal string Meaning => FormattableString.Invariant(
        $"{Type},{BitConverter.SingleToInt32Bits(Multiply)},{BitConverter.SingleToInt32Bits(Add)},{(Negative ? 1 : 0)}");

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
