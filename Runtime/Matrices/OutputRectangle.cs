namespace KernelGen;

/// <summary>The part of a product that is computed: activation rows [FirstRow, EndRow), outputs [FirstOutput, EndOutput).</summary>
/// <param name="FirstRow">First activation row.</param>
/// <param name="EndRow">One past the last activation row.</param>
/// <param name="FirstOutput">First output.</param>
/// <param name="EndOutput">One past the last output.</param>
public readonly record struct OutputRectangle(long FirstRow, long EndRow, long FirstOutput, long EndOutput);
