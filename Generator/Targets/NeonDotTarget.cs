namespace KernelGen.Generator.Targets;

/// <summary>
/// NEON with the dot product instructions: <c>sdot</c> adds 4 products to an int32. Unsigned weights are at most 127, so that
/// the signed instruction serves both kinds; quads of activations are taken by lane from plain loads.
/// </summary>
internal sealed class NeonDotTarget : NeonTarget
{
    public override string Name => "NeonDot";

    public override string? Extends => "Neon";

    public override string? DotInstruction => "sdot";

    public override int PartialRegisters => 1;

    public override bool AddsPartials => true;

    public override string Partial => "Vector128<int>";

    public override int QuadsPerLoad => 4;

    public override int PartialDepth(int largest) => int.MaxValue / (4 * 127 * System.Math.Max(largest, 1));

    public override string DotSigned(string? partial, string weights, string activations, int? lane)
    {
        string sum = partial ?? "Vector128<int>.Zero";
        return lane is { } index
            ? $"Dp.DotProductBySelectedQuadruplet({sum}, {weights}.AsSByte(), {activations}, {index})"
            : $"Dp.DotProduct({sum}, {weights}.AsSByte(), {activations})";
    }

    public override string Widen(string partial) => partial;

    public override string WidenTimes(string partial, int factor) => $"{partial} * {factor}";
}
