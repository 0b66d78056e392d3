using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>Better numbers for the codes that a state rounds to, from its sums: no weight is rounded here.</summary>
/// <param name="plan">The format.</param>
/// <param name="groups">The weights.</param>
internal sealed unsafe class CodeDescent(SearchPlan plan, GroupLanes groups)
{
    private const int Width = GroupLanes.Width;

    /// <summary>Below this share of the product of the squares two columns are parallel, as far as f32 can tell.</summary>
    private const float Parallel = 1e-6f;

    private readonly float[] _wanted = GC.AllocateArray<float>(2 * groups.Vectors * Width, pinned: true);

    /// <summary>
    /// The numbers of blocks, and of groups that hold any number, for which the codes' error is least. Groups' places stay; what they decode to is made by who
    /// judges them.
    /// </summary>
    /// <param name="from">A state and its sums.</param>
    /// <param name="to">Gets the numbers.</param>
    public void Step(CodeState from, CodeState to)
    {
        to.Take(from, 0, groups.Vectors * Width);
        if (from.Scale.IsShared || from.Min is { IsShared: true })
        {
            MoveBlocks(from, to);
        }
        else
        {
            MoveGroups(from, to);
        }
    }

    /// <summary>Scales that are free, and minima.</summary>
    private void MoveGroups(CodeState from, CodeState to)
    {
        fixed (float* scales = _wanted)
        {
            float* mins = scales + (groups.Vectors * Width);
            for (int at = 0; at < groups.Vectors * Width; at += Width)
            {
                Vector256<float> s = Vector256.Load(from.Scale.Number + at), ll = Vector256.Load(from.LL + at), el = Vector256.Load(from.EL + at), a = OrNone(el, ll);
                if (from.Min is { } min)
                {
                    Vector256<float> l = Vector256.Load(from.L + at), e = Vector256.Load(from.E + at), sumW = Vector256.Load(groups.SumW + at);
                    Vector256<float> determinant = (ll * sumW) - (l * l), sound = Vector256.GreaterThan(determinant, Parallel * ll * sumW);
                    a = Vector256.ConditionalSelect(sound, ((el * sumW) - (l * e)) / determinant, a);
                    (Vector256.Load(min.Number + at) + OrNone(e - (a * l), sumW)).Store(mins + at);
                }

                (s + a).Store(scales + at);
            }

            to.Scale.Round(scales, groups.Unit);
            to.Min?.Round(mins, groups.Unit);
        }
    }

    private void MoveBlocks(CodeState from, CodeState to)
    {
        int count = plan.Groups;
        for (int block = 0; block < groups.Blocks; block++)
        {
            int first = block * count;
            BlockSums sums = SumsOf(from, first, count);
            float d = from.Scale.Outer[first], a = sums.TT > 0 ? sums.TE / sums.TT : 0;
            if (from.Min is { IsShared: true } min)
            {
                float dm = min.Outer[first], determinant = (sums.TT * sums.UU) - (sums.TU * sums.TU);
                float b = determinant > Parallel * sums.TT * sums.UU ? ((sums.TT * sums.UE) - (sums.TU * sums.TE)) / determinant
                    : sums.TT == 0 && sums.UU > 0 ? sums.UE / sums.UU : 0;
                b = min.IsOneSided && dm + b > 0 ? -dm : b;
                a = sums.TT > 0 ? (sums.TE - (sums.TU * b)) / sums.TT : 0;
                to.Min!.SetOuter(dm + b, block, count, groups.Unit[block]);
            }

            if (from.Scale.IsShared)
            {
                to.Scale.SetOuter(d + a, block, count, groups.Unit[block]);
            }
        }
    }

    /// <summary>The normal equations of a block's two numbers: t and u are what its groups multiply them by.</summary>
    private BlockSums SumsOf(CodeState state, int first, int count)
    {
        // 0 where the number is no block's.
        float d = state.Scale is { IsShared: true } scale && scale.Outer[first] != 0 ? 1 / scale.Outer[first] : 0;
        float dm = state.Min is { IsShared: true } min && min.Outer[first] != 0 ? 1 / min.Outer[first] : 0;
        BlockSums sums = default;
        for (int g = first; g < first + count; g++)
        {
            float t = state.Scale.Number[g] * d;
            sums.TT += t * t * state.LL[g];
            sums.TE += t * state.EL[g];
            if (dm != 0)
            {
                float u = state.Min!.Number[g] * dm;
                sums.TU += t * u * state.L[g];
                sums.UU += u * u * groups.SumW[g];
                sums.UE += u * state.E[g];
            }
        }

        return sums;
    }

    private static Vector256<float> OrNone(Vector256<float> sum, Vector256<float> by) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(by, Vector256<float>.Zero), sum / by, Vector256<float>.Zero);

    private struct BlockSums
    {
        public float TT;
        public float TU;
        public float UU;
        public float TE;
        public float UE;
    }
}
