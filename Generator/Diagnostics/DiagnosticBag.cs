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
    private readonly List<DiagnosticInfo> _notes = [];
    private bool _hasErrors;

    public int Count => _items.Count;

    public void Add(DiagnosticDescriptor rule, LocationInfo? location, params object[] arguments)
    {
        var item = new DiagnosticInfo(
            rule.Id,
            location,
            arguments.Select(static argument => Convert.ToString(argument, CultureInfo.InvariantCulture)!).ToEquatableArray());
        _items.Add(item);
        _hasErrors |= rule.DefaultSeverity == DiagnosticSeverity.Error;
        if (rule.DefaultSeverity == DiagnosticSeverity.Info)
        {
            _notes.Add(item);
        }
    }

    public bool Has(DiagnosticDescriptor rule) => _items.Exists(item => item.Id == rule.Id);

    /// <summary>What was found, in order; notes about a format that errors keep from being emitted are left out.</summary>
    public EquatableArray<DiagnosticInfo> ToEquatableArray() => _items.Where(item => !_hasErrors || !_notes.Contains(item)).ToEquatableArray();
}
