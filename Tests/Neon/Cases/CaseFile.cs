using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace KernelGen.NeonCases;

/// <summary>Calls and their expected results, as harness.c reads them.</summary>
internal sealed class CaseFile(Stream stream) : IDisposable
{
    private readonly BinaryWriter _writer = new(stream);

    public int Count { get; private set; }

    public void Add(Case call)
    {
        Count++;
        Text(call.Symbol);
        Text(call.Label);
        _writer.Write(call.Arguments.Count);
        foreach (Argument argument in call.Arguments)
        {
            _writer.Write(argument.Buffer is null ? -1L : argument.Buffer.Length);
            if (argument.Buffer is null)
            {
                _writer.Write(argument.Value);
            }
            else
            {
                Bytes(argument.Buffer);
            }
        }

        _writer.Write(call.Checks.Count);
        foreach (Check check in call.Checks)
        {
            _writer.Write(check.Argument);
            _writer.Write((int)check.Rule);
            _writer.Write(check.Bound);
            _writer.Write((long)check.Expected.Length);
            Bytes(check.Expected);
        }
    }

    public void Dispose() => _writer.Dispose();

    private void Text(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        _writer.Write(bytes.Length);
        Bytes(bytes);
    }

    private void Bytes(byte[] bytes) => _writer.Write(bytes);
}

/// <summary>One call of a kernel.</summary>
/// <param name="symbol">Class and method, as the compiler's map names them.</param>
/// <param name="label">What is told apart by it.</param>
internal sealed class Case(string symbol, string label)
{
    public string Symbol { get; } = symbol;

    public string Label { get; } = label;

    public List<Argument> Arguments { get; } = [];

    public List<Check> Checks { get; } = [];

    public Case Value(long value)
    {
        Arguments.Add(new Argument(null, value));
        return this;
    }

    /// <summary>A buffer of exactly these bytes; a copy, so that what the host's kernels do later does not show.</summary>
    public Case Buffer<T>(ReadOnlySpan<T> content)
        where T : unmanaged
    {
        Arguments.Add(new Argument(MemoryMarshal.AsBytes(content).ToArray(), 0));
        return this;
    }

    /// <summary>An output, filled with a pattern beforehand, and what it must hold after the call.</summary>
    public Case Output<T>(ReadOnlySpan<T> expected, Rule rule)
        where T : unmanaged
    {
        byte[] pattern = new byte[MemoryMarshal.AsBytes(expected).Length];
        Array.Fill(pattern, (byte)0xA5);
        Arguments.Add(new Argument(pattern, 0));
        return Expect(Arguments.Count - 1, expected, rule);
    }

    /// <summary>One more expectation of an argument, or, for -1, of the returned f32.</summary>
    public Case Expect<T>(int argument, ReadOnlySpan<T> expected, Rule rule, float bound = 0)
        where T : unmanaged
    {
        Checks.Add(new Check(argument, rule, bound, MemoryMarshal.AsBytes(expected).ToArray()));
        return this;
    }
}

internal sealed record Argument(byte[]? Buffer, long Value);

internal sealed record Check(int Argument, Rule Rule, float Bound, byte[] Expected);

/// <summary>How a result is compared.</summary>
internal enum Rule
{
    /// <summary>The same bytes.</summary>
    Bytes,

    /// <summary>The same f32 bits; any NaN for a NaN.</summary>
    Singles,

    /// <summary>f32 within the bound.</summary>
    Within,
}
