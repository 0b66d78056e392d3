using System;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// Sums of terms, each fitted to what those before it leave: R0 = W, term t is encoded from R_t, and R_(t+1) = R_t - the decoded term t, in f32.
/// So every term takes up the rounding of the parameters before it.
/// </summary>
/// <remarks>
/// Sources: Zheng et al., BinaryDM (2024): signs with the mean magnitude of each row (a cell's own encoder with
/// <see cref="RangeRule.AbsMean"/>); Wang et al., BitStack (2024): signs inside a decomposition of the magnitudes
/// (<see cref="SignValueEncoder"/>).
/// </remarks>
public sealed class ResidualEncoder : StructureEncoder
{
    private readonly StructureEncoder[] _terms;

    /// <summary>Fits terms with the encoders given.</summary>
    /// <param name="terms">The encoder of each term in turn, the last one of all that follow; none: each cell's own.</param>
    public ResidualEncoder(params StructureEncoder[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        _terms = terms.Length > 0 ? [.. terms] : [new CellEncoder()];
    }

    /// <inheritdoc/>
    public override string Expects => $"a sum of terms, each {string.Join(", then ", _terms.Select(static term => term.Expects))}";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is TermsNode sum && Enumerable.Range(0, sum.Terms.Count).All(term => Of(term).Accepts(TermOf(format, sum, term)));
    }

    private protected override unsafe TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        TermsNode sum = (TermsNode)format.Weight;
        using NativeWeights rest = new(weights);
        TensorSet tensors = new();
        try
        {
            for (int term = 0; term < sum.Terms.Count; term++)
            {
                StructureDescriptor own = TermOf(format, sum, term);
                using TensorSet encoded = Of(term).Encode(own, rest.Rows, threads);
                foreach (StoredTensor tensor in encoded.Tensors)
                {
                    TensorInfo info = tensor.Info;
                    StoredTensor copy = tensors.Add(new TensorInfo(FormattableString.Invariant($"terms.{term}.{info.Name}"), info.Type, [.. info.Shape]));
                    Buffer.MemoryCopy(tensor.Pointer, copy.Pointer, info.ByteCount, info.ByteCount);
                }

                if (term < sum.Terms.Count - 1)
                {
                    using StructuredMatrix matrix = StructuredMatrix.FromTensors(own, weights.Outputs, weights.Inputs, encoded);
                    rest.Subtract(matrix, threads);
                }
            }
        }
        catch
        {
            tensors.Dispose();
            throw;
        }

        return tensors;
    }

    private StructureEncoder Of(int term) => _terms[Math.Min(term, _terms.Length - 1)];

    private static StructureDescriptor TermOf(StructureDescriptor format, TermsNode sum, int term) => new()
    {
        Name = FormattableString.Invariant($"term {term} of {format.Name}"),
        FullName = format.FullName,
        Description = format.Description,
        Weight = sum.Terms[term],
        PostNorm = null,
    };
}
