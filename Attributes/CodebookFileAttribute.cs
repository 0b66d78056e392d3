using System;

namespace KernelGen;

/// <summary>
/// The constant table that codes index, read at build time from a text file that the project lists as an
/// <c>AdditionalFiles</c> item.
/// </summary>
/// <remarks>
/// The file holds the values in code order (those of one entry after another where the format has a
/// <see cref="VectorAttribute"/>), separated by white space or commas; what follows a <c>#</c> up to the end of its line is a
/// comment. Otherwise it is what <see cref="CodebookAttribute"/> is.
/// </remarks>
/// <param name="name">The file's name, without its folder.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class CodebookFileAttribute(string name) : Attribute
{
    /// <summary>The file's name, without its folder.</summary>
    public string Name { get; } = name;
}
