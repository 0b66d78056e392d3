using System;
using KernelGen.Tests.Runtime;
using Xunit;

namespace KernelGen.Tests.Structures;

[Collection(Alone.Name)]
public sealed class StructureAllocationTests
{
    [Theory]
    [InlineData("KernelGen.Formats.OneBit", 1)]
    [InlineData("KernelGen.Formats.Ptq161", 1)]
    [InlineData("KernelGen.Formats.Ptq161", 13)]
    [InlineData("KernelGen.Formats.FbiBinary", 2)]
    [InlineData("KernelGen.Probes.ThreeParts", 13)]
    public void LaterProductsAllocateNothing(string name, int rows)
    {
        const int Inputs = 172;
        const int Outputs = 133;
        using WorkerPool pool = new(3);
        using StructuredMatrix matrix = StructureCase.Make(name, Outputs, Inputs, new Random(41)).Load();
        matrix.Pack();
        float[] x = Data.Random(rows * Inputs, 2);
        float[] y = new float[rows * Outputs];
        foreach (ComputeMode mode in Enum.GetValues<ComputeMode>())
        {
            // Nested products rent scratch of several sizes: after a few, every kept buffer is as large as the largest.
            MultiplyOptions options = new() { Mode = mode, Threads = 3, Pool = pool };
            for (int i = 0; i < 20; i++)
            {
                matrix.Multiply(x, rows, y, options);
            }

            long native = ScratchCache.Allocations;
            long managed = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
            {
                matrix.Multiply(x, rows, y, options);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - managed);
            Assert.Equal(native, ScratchCache.Allocations);
        }
    }
}
