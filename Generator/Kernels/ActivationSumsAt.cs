using KernelGen.Generator.Planning;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>Where the sums of one row of packed int8 activations stand after the scale of their group, the f32 at <c>d</c>; in the order of the runtime's <c>ActivationLayout</c>.</summary>
internal sealed class ActivationSumsAt(TileShape shape)
{
    private const int WordBytes = 4;

    private const int ShortBytes = 2;

    /// <summary>Words of one kind: a word each segment.</summary>
    private int Kind => shape.SegmentsPerGroup;

    private int IntegersAt => 1 + (shape.HasOffsetSums ? Kind : 0) + (shape.HasRebasedSums ? Kind : 0);

    /// <summary>What the offset of the codes adds to a segment's sum of products.</summary>
    public string Offset(string segment) => $"*(int*)({Word(1, segment)})";

    /// <summary>The sum of a segment's activations.</summary>
    public string Integer(string segment) => $"*(int*)({Word(IntegersAt, segment)})";

    /// <summary>The same as f32, times their scale.</summary>
    public string Scaled(string segment) => $"*(float*)({Word(IntegersAt + (shape.HasZero ? Kind : 0), segment)})";

    /// <summary>The sum of a segment's activations where scales are integers.</summary>
    public string Short(string segment) => $"*(short*)({IndexExpression.Offset(Shorts, Times(segment, ShortBytes))})";

    /// <summary>Where these begin, one after another.</summary>
    public string Shorts => $"d + {WordBytes}";

    private static string Word(int first, string segment) => IndexExpression.Offset("d", $"{WordBytes * first}", Times(segment, WordBytes));
}
