using System.Linq;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Diagnostics;

/// <summary>A diagnostic by value.</summary>
/// <param name="Id">The id of one of <see cref="Rules"/>.</param>
/// <param name="Location">Where, or none for one that concerns the project.</param>
/// <param name="Arguments">The message's arguments, already formatted.</param>
internal sealed record DiagnosticInfo(string Id, LocationInfo? Location, EquatableArray<string> Arguments)
{
    /// <summary>Whether it is for information only.</summary>
    public bool IsNote => Rules.ById(Id).DefaultSeverity == DiagnosticSeverity.Info;

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Rules.ById(Id),
        Location?.ToLocation() ?? Microsoft.CodeAnalysis.Location.None,
        Arguments.Cast<object>().ToArray());
}
