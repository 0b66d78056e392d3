using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>How much the squared error of a weight counts beside the importance of its input, for eight weights: see <see cref="ErrorWeighting"/>.</summary>
internal interface IErrorRule
{
    /// <summary>What the rule takes of a group beside its weights.</summary>
    static abstract ErrorMean Mean { get; }

    /// <summary>The factors.</summary>
    /// <param name="x">Weights.</param>
    /// <param name="mean">What <see cref="Mean"/> says.</param>
    /// <returns>Factors, not negative.</returns>
    static abstract Vector256<float> Of(Vector256<float> x, Vector256<float> mean);
}

/// <summary>What a rule takes of a group.</summary>
internal enum ErrorMean
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The root mean square of the group.</summary>
    Group,

    /// <summary>Twice the mean square of the block.</summary>
    Block,
}

/// <summary><see cref="ErrorWeighting.Uniform"/>.</summary>
internal readonly struct UniformRule : IErrorRule
{
    /// <inheritdoc/>
    public static ErrorMean Mean => ErrorMean.None;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> mean) => Vector256<float>.One;
}

/// <summary><see cref="ErrorWeighting.Magnitude"/>.</summary>
internal readonly struct MagnitudeRule : IErrorRule
{
    /// <inheritdoc/>
    public static ErrorMean Mean => ErrorMean.None;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> mean) => Vector256.Abs(x);
}

/// <summary><see cref="ErrorWeighting.Square"/>.</summary>
internal readonly struct SquareRule : IErrorRule
{
    /// <inheritdoc/>
    public static ErrorMean Mean => ErrorMean.None;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> mean) => x * x;
}

/// <summary><see cref="ErrorWeighting.Raised"/>.</summary>
internal readonly struct RaisedRule : IErrorRule
{
    /// <inheritdoc/>
    public static ErrorMean Mean => ErrorMean.Group;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> mean) => mean + Vector256.Abs(x);
}

/// <summary><see cref="ErrorWeighting.Smoothed"/>.</summary>
internal readonly struct SmoothedRule : IErrorRule
{
    /// <inheritdoc/>
    public static ErrorMean Mean => ErrorMean.Block;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x, Vector256<float> mean) => Vector256.Sqrt(Vector256.FusedMultiplyAdd(x, x, mean));
}
