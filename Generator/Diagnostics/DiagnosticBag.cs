using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Diagnostics;

/// <summary>Collects what is wrong with one declaration.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<DiagnosticInfo> _items = [];

    public int Count => _items.Count;

    public void Add(DiagnosticDescriptor rule, LocationInfo? location, params object[] arguments) => _items.Add(new DiagnosticInfo(
        rule.Id,
        location,
        arguments.Select(static argument => Convert.ToString(argument, CultureInfo.InvariantCulture)!).ToEquatableArray()));

    public bool Has(DiagnosticDescriptor rule) => _items.Exists(item => item.Id == rule.Id);

    public EquatableArray<DiagnosticInfo> ToEquatableArray() => _items.ToEquatableArray();
}
