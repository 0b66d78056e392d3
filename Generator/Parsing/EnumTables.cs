using System;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>The enums of the language in the terms of the model: members of the two stand in the same order.</summary>
internal static class EnumTables
{
    private static readonly StoredType[] ScalarTypes =
    [
        new(StoredClass.Float32, 32),
        new(StoredClass.Float16, 16),
        new(StoredClass.BFloat16, 16),
        new(StoredClass.E8M0, 8),
        new(StoredClass.Exponent8, 8),
        new(StoredClass.Unsigned, 1),
        new(StoredClass.Unsigned, 2),
        new(StoredClass.Unsigned, 3),
        new(StoredClass.Unsigned, 4),
        new(StoredClass.Unsigned, 5),
        new(StoredClass.Unsigned, 6),
        new(StoredClass.Unsigned, 7),
        new(StoredClass.Unsigned, 8),
        new(StoredClass.Signed, 4),
        new(StoredClass.Signed, 6),
        new(StoredClass.Signed, 8),
        new(StoredClass.Signed, 16),
    ];

    /// <summary>Types of indices, which follow those of parameters.</summary>
    private static readonly StoredType[] IndexTypes = [new(StoredClass.Unsigned, 16), new(StoredClass.Unsigned, 32)];

    /// <summary>The type of indices a ScalarType names, or none.</summary>
    public static StoredType? Index(int value) => IndexTypes.ElementAtOrDefault(value - ScalarTypes.Length);

    /// <summary>The stored type a ScalarType names, or none and a diagnostic.</summary>
    public static StoredType? Scalar(int value, LocationInfo at, DiagnosticBag diagnostics)
    {
        if (value >= 0 && value < ScalarTypes.Length)
        {
            return ScalarTypes[value];
        }

        diagnostics.Add(Rules.UndefinedValue, at, value, Index(value) is null ? "ScalarType" : "the types of parameters: it is one of indices");
        return null;
    }

    /// <summary>The model's member for a value of the language's enum, or none and a diagnostic.</summary>
    public static T? Member<T>(int value, string name, LocationInfo at, DiagnosticBag diagnostics)
        where T : struct, Enum
    {
        if (Enum.IsDefined(typeof(T), value))
        {
            return (T)Enum.ToObject(typeof(T), value);
        }

        diagnostics.Add(Rules.UndefinedValue, at, value, name);
        return null;
    }
}
