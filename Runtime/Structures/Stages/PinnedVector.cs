using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen;

/// <summary>Floats at a fixed address, kept by the garbage collector for as long as the vector is reachable.</summary>
internal sealed unsafe class PinnedVector
{
    private readonly float[] _values;

    private PinnedVector(long length) => _values = GC.AllocateUninitializedArray<float>(checked((int)length), pinned: true);

    /// <summary>The first number.</summary>
    public float* Pointer => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_values));

    /// <summary>Reads a tensor's numbers.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="entries">The entries to take, or null for all.</param>
    /// <param name="number">What stored bits mean, or null for the type's own numbers.</param>
    /// <returns>The vector.</returns>
    /// <exception cref="StoredTensorException">A number, taken or not, is not finite.</exception>
    public static PinnedVector Load(StoredTensor tensor, int[]? entries = null, Func<uint, float>? number = null)
    {
        PinnedVector all = new(tensor.Info.Count);
        for (int i = 0; i < all._values.Length; i++)
        {
            uint bits = tensor.GetBits(i);
            float value = number is null ? ScalarElements.Number(tensor.Info.Type, bits) : number(bits);
            all._values[i] = float.IsFinite(value)
                ? value
                : throw new StoredTensorException(tensor.Info.Name, $"entry {i} is {value}; stored numbers must be finite.");
        }

        if (entries is null)
        {
            return all;
        }

        PinnedVector some = new(entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            some._values[i] = all._values[entries[i]];
        }

        return some;
    }
}
