using System;
using Xunit;

namespace KernelGen.Tests.Runtime;

/// <summary>An output matrix with a margin around every row, to see that nothing outside a rectangle is written.</summary>
internal sealed unsafe class GuardedOutput : IDisposable
{
    private const int Margin = 19;
    private const int Sentinel = 0x7FC0_1234;

    private readonly NativeBuffer _buffer;
    private readonly int _rows;
    private readonly int _columns;

    public GuardedOutput(int rows, int columns)
    {
        _rows = rows;
        _columns = columns;
        Stride = columns + Margin;
        _buffer = new NativeBuffer(4L * ((rows + 2) * Stride));
        new Span<int>(_buffer.Pointer, (rows + 2) * Stride).Fill(Sentinel);
    }

    public int Stride { get; }

    public float* Pointer => (float*)_buffer.Pointer + Stride;

    public void Check(float[,] expected, OutputRectangle part, string what)
    {
        int* bits = (int*)_buffer.Pointer;
        for (int i = 0; i < (_rows + 2) * Stride; i++)
        {
            int row = (i / Stride) - 1;
            int column = i % Stride;
            bool inside = row >= part.FirstRow && row < part.EndRow && column >= part.FirstOutput && column < part.EndOutput;
            int should = inside ? BitConverter.SingleToInt32Bits(expected[row, column]) : Sentinel;
            if (bits[i] != should)
            {
                Assert.Fail($"{what}: element ({row}, {column}) is {BitConverter.Int32BitsToSingle(bits[i])} ({bits[i]:X8}), should be "
                    + $"{BitConverter.Int32BitsToSingle(should)} ({should:X8}); {_rows} x {_columns}, part {part}");
            }
        }
    }

    public void Dispose() => _buffer.Dispose();
}
