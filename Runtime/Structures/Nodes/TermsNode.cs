using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen;

/// <summary>A sum of weights over the same columns: <c>w = ((t0 + t1) + t2) + …</c>, one f32 rounding each.</summary>
/// <remarks>Tensors: those of term t under the prefix "terms.t.".</remarks>
/// <param name="terms">2 to 256 terms, in the order they are added; no partition among them.</param>
public sealed class TermsNode(IReadOnlyList<WeightNode> terms) : WeightNode
{
    /// <summary>The terms, in the order they are added.</summary>
    public IReadOnlyList<WeightNode> Terms { get; } = terms;

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => Terms.SelectMany(static term => term.Cells);

    /// <summary>What the names of a term's tensors start with.</summary>
    /// <param name="term">The term.</param>
    /// <returns>The prefix.</returns>
    internal static string Prefix(int term) => FormattableString.Invariant($"terms.{term}.");

    internal override int PartCount => 0;

    internal override bool HasSlabs => Terms.Any(static term => term.HasSlabs);

    internal override long ReadSlabs(TensorSet tensors, string prefix, long outputs)
    {
        int first = Terms.TakeWhile(static term => !term.HasSlabs).Count();
        return first == Terms.Count ? 0 : Terms[first].ReadSlabs(tensors, prefix + Prefix(first), outputs);
    }

    internal override ulong Hash(ulong before) =>
        Terms.Aggregate(NodeHash.Add(before, FormattableString.Invariant($"terms {Terms.Count} ")), static (hash, term) => term.Hash(hash));

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs) => [];

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope) =>
        Enumerable.Range(0, Terms.Count).SelectMany(term => Terms[term].Tensors(Of(term, scope)));

    internal override Stage Load(TensorSet tensors, NodeScope scope)
    {
        List<Stage> stages = [];
        try
        {
            for (int term = 0; term < Terms.Count; term++)
            {
                stages.Add(Terms[term].Load(tensors, Of(term, scope)));
            }
        }
        catch
        {
            stages.ForEach(static stage => stage.Dispose());
            throw;
        }

        return new TermsStage([.. stages]);
    }

    private static NodeScope Of(int term, NodeScope scope) => scope with { Prefix = scope.Prefix + Prefix(term) };
}
