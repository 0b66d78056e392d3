namespace KernelGen.Encoders;

/// <summary>Writes numbers to tensors.</summary>
internal static class Numbers
{
    /// <summary>Stores numbers, rounded to f32 and then to the tensor's type.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <param name="tensor">As many elements of a float type.</param>
    public static void Store(double[] numbers, StoredTensor tensor)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            tensor.SetNumber(i, (float)numbers[i]);
        }
    }

    /// <summary>Makes every element one.</summary>
    /// <param name="tensor">A tensor of a float type.</param>
    public static void StoreOnes(StoredTensor tensor)
    {
        for (long i = 0; i < tensor.Info.Count; i++)
        {
            tensor.SetNumber(i, 1);
        }
    }
}
