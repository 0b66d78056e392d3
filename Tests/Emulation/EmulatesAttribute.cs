using System;

namespace KernelGen.Emulation;

/// <summary>Marks an emulation and names the class whose methods it has, with the same names, parameters and results.</summary>
/// <param name="emulated">The class of the framework.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class EmulatesAttribute(Type emulated) : Attribute
{
    /// <summary>The class of the framework.</summary>
    public Type Emulated { get; } = emulated;
}
