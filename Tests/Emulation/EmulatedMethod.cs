using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace KernelGen.Emulation;

/// <summary>
/// One emulated method and the framework's of the same signature, called with the same inputs: random bits and edges in every lane,
/// memory where the method takes a pointer, every value of an immediate. Arguments and results are bytes, so that a call can be
/// written to a file and made elsewhere.
/// </summary>
public sealed unsafe class EmulatedMethod
{
    /// <summary>Bytes a pointer points into, half of them below it.</summary>
    public const int MemoryBytes = 512;

    private readonly ParameterInfo[] _parameters;

    private EmulatedMethod(Type type, MethodInfo emulation)
    {
        Emulation = emulation;
        _parameters = emulation.GetParameters();
        Class = type.GetCustomAttribute<EmulatesAttribute>()!.Emulated;
        MethodInfo? original = Class.GetMethod(emulation.Name, BindingFlags.Public | BindingFlags.Static, [.. _parameters.Select(p => p.ParameterType)]);
        Original = original?.ReturnType == emulation.ReturnType ? original : null;
        Name = $"{Class.FullName!.Split('.')[^1].Replace('+', '.')}.{emulation.Name}({string.Join(", ", _parameters.Select(p => NameOf(p.ParameterType)))})";
    }

    /// <summary>The classes that emulate one of the framework's.</summary>
    public static IReadOnlyList<Type> Classes { get; } = [.. typeof(EmulatedMethod).Assembly.GetTypes().Where(type => type.IsDefined(typeof(EmulatesAttribute), inherit: false))];

    /// <summary>All emulated methods.</summary>
    public static IReadOnlyList<EmulatedMethod> All { get; } =
    [
        .. from type in Classes
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where !method.IsSpecialName
           select new EmulatedMethod(type, method),
    ];

    /// <summary>Class, method and parameter types, by which it is told apart.</summary>
    public string Name { get; }

    /// <summary>The framework's class.</summary>
    public Type Class { get; }

    /// <summary>The emulation.</summary>
    public MethodInfo Emulation { get; }

    /// <summary>The framework's method, or null where it has none of this signature.</summary>
    public MethodInfo? Original { get; }

    /// <summary>Whether the class belongs to this processor's architecture and the processor has it.</summary>
    public bool IsSupportedHere => Class.GetProperty("IsSupported")!.GetValue(null) is true;

    /// <summary>The types of the parameters.</summary>
    public IReadOnlyList<Type> ParameterTypes => [.. _parameters.Select(p => p.ParameterType)];

    /// <summary>Whether a parameter has to be a constant.</summary>
    public static bool IsImmediate(Type parameter) => parameter == typeof(byte) || parameter.IsEnum;

    /// <summary>The combinations of immediates that the emulation accepts; one empty one where it takes none.</summary>
    public IEnumerable<byte[]> Immediates()
    {
        int count = _parameters.Count(p => IsImmediate(p.ParameterType));
        foreach (byte[] values in Combinations(count))
        {
            if (Accepts(values))
            {
                yield return values;
            }
        }
    }

    /// <summary>The bytes of one argument each: a vector's, a constant's, or those of the memory around a pointer.</summary>
    public byte[][] Arguments(byte[] immediates, Random random)
    {
        int immediate = 0;
        return [.. _parameters.Select(p => IsImmediate(p.ParameterType) ? [immediates[immediate++]]
            : p.ParameterType.IsPointer ? Operands.Bytes(p.ParameterType.GetElementType()!, MemoryBytes, random)
            : p.Name == "index" && _parameters.Any(other => other.ParameterType.IsPointer) ? Operands.Indices(SizeOf(p.ParameterType), random)
            : Operands.Bytes(ElementOf(p.ParameterType), SizeOf(p.ParameterType), random))];
    }

    /// <summary>What a method makes of the arguments: the bytes it returns, then the memory its pointers point into.</summary>
    public byte[] Call(MethodInfo method, byte[][] arguments)
    {
        List<nint> memory = [];
        try
        {
            object?[] boxed = new object?[arguments.Length];
            for (int i = 0; i < boxed.Length; i++)
            {
                Type type = _parameters[i].ParameterType;
                if (type.IsPointer)
                {
                    byte* at = (byte*)NativeMemory.AlignedAlloc(MemoryBytes, 64);
                    memory.Add((nint)at);
                    arguments[i].CopyTo(new Span<byte>(at, MemoryBytes));
                    boxed[i] = Pointer.Box(at + (MemoryBytes / 2), type);
                }
                else
                {
                    boxed[i] = type.IsEnum ? Enum.ToObject(type, arguments[i][0]) : Boxing(nameof(Box), type).Invoke(null, [arguments[i]]);
                }
            }

            object? result = method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, boxed, null);
            byte[] returned = result is null ? [] : (byte[])Boxing(nameof(Unbox), result.GetType()).Invoke(null, [result])!;
            return [.. returned, .. memory.SelectMany(at => new ReadOnlySpan<byte>((byte*)at, MemoryBytes).ToArray())];
        }
        finally
        {
            memory.ForEach(at => NativeMemory.AlignedFree((void*)at));
        }
    }

    /// <summary>Whether two results are the same: bit for bit, any NaN for a NaN.</summary>
    public bool AreSame(byte[] expected, byte[] actual)
    {
        if (expected.Length != actual.Length || ElementOf(Emulation.ReturnType) != typeof(float))
        {
            return expected.AsSpan().SequenceEqual(actual);
        }

        ReadOnlySpan<float> a = MemoryMarshal.Cast<byte, float>(expected);
        ReadOnlySpan<float> b = MemoryMarshal.Cast<byte, float>(actual);
        for (int i = 0; i < a.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(a[i]) != BitConverter.SingleToInt32Bits(b[i]) && !(float.IsNaN(a[i]) && float.IsNaN(b[i])))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Bytes of a value of a type of parameter or result.</summary>
    public static int SizeOf(Type type) => type == typeof(void) ? 0 : ((byte[])Boxing(nameof(Unbox), type).Invoke(null, [Activator.CreateInstance(type)])!).Length;

    /// <summary>The type of a vector's lanes, of the first vector in a tuple, or the type itself.</summary>
    public static Type ElementOf(Type type) => type.IsGenericType ? ElementOf(type.GetGenericArguments()[0]) : type;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static IEnumerable<byte[]> Combinations(int count) => count == 0
        ? [[]]
        : Combinations(count - 1).SelectMany(rest => Enumerable.Range(0, 256).Select(v => (byte[])[.. rest, (byte)v]));

    private bool Accepts(byte[] immediates)
    {
        try
        {
            Call(Emulation, Arguments(immediates, new Random(0)));
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static MethodInfo Boxing(string name, Type type) =>
        typeof(EmulatedMethod).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);

    private static object Box<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Read<T>(bytes);

    private static byte[] Unbox<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    private static string NameOf(Type type) => !type.IsGenericType
        ? type.Name
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
}
