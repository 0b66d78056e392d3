using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen.Encoders;

/// <summary>
/// A choice of all numbers, and by group what its codes' errors add up to: with e the error and l the code's number, the error of scale s + a and minimum m + b
/// for the same codes is Σwe² - 2aΣwel - 2bΣwe + a²Σwl² + 2abΣwl + b²Σw.
/// </summary>
internal sealed unsafe class CodeState
{
    private const int Arrays = 5;

    private readonly float[] _memory;
    private readonly int _lanes;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The format.</param>
    /// <param name="lanes">Groups.</param>
    public CodeState(SearchPlan plan, int lanes)
    {
        Scale = new LevelState(plan.Scale, lanes);
        Min = plan.Min is null ? null : new LevelState(plan.Min, lanes);
        _lanes = lanes;
        _memory = GC.AllocateArray<float>(Arrays * lanes, pinned: true);
        Error = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        EL = Error + lanes;
        LL = EL + lanes;
        E = LL + lanes;
        L = E + lanes;
    }

    /// <summary>Scales.</summary>
    public LevelState Scale { get; }

    /// <summary>Minima, or none.</summary>
    public LevelState? Min { get; }

    /// <summary>Σwe².</summary>
    public float* Error { get; }

    /// <summary>Σwel.</summary>
    public float* EL { get; }

    /// <summary>Σwl².</summary>
    public float* LL { get; }

    /// <summary>Σwe; without meaning where there is no minimum.</summary>
    public float* E { get; }

    /// <summary>Σwl; without meaning where there is no minimum.</summary>
    public float* L { get; }

    /// <summary>Takes groups from another state.</summary>
    /// <param name="other">The state.</param>
    /// <param name="first">The first group.</param>
    /// <param name="count">The number of groups.</param>
    public void Take(CodeState other, int first, int count)
    {
        Scale.Take(other.Scale, first, count);
        Min?.Take(other.Min!, first, count);
        for (int array = 0; array < Arrays; array++)
        {
            Array.Copy(other._memory, (array * _lanes) + first, _memory, (array * _lanes) + first, count);
        }
    }
}
