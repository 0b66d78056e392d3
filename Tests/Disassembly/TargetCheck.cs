using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Disassembly;

/// <summary>
/// Checks a target's kernels in an image. In the innermost loops of the products stand the target's dot instruction and, where the form looks codes
/// up, its lookup instruction, on the registers the target names (in a loop around where decoding takes loops of its own: over a block's scales, over a
/// long table); in those of the f32 micro-kernels its multiply-add. No innermost loop that holds vectors holds a call. The loops of micro-kernels hold no spill where the target has the registers that the shape wants.
/// </summary>
internal sealed class TargetCheck(Image image, ImageKind kind, string name)
{
    /// <summary>Entries of a table that one lookup takes.</summary>
    private const int LongestTable = 16;

    private readonly Target _target = TargetCatalogue.All.Single(target => target.Name == name);
    private readonly List<string> _failures = [];
    private readonly HashSet<string> _seen = [];

    /// <summary>Kernels that were read.</summary>
    public int Kernels => _seen.Count;

    /// <summary>What is not as promised.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Checks the kernels of all formats.</summary>
    public void Run(IEnumerable<FormatSpec> formats)
    {
        foreach (FormatSpec format in formats)
        {
            FormatPlan plan = FormatPlanner.Plan(format, _target.PanelRows);
            TileShape shape = TileShape.Of(plan, _target.RebasesSigned);
            Target printing = _target.For(shape);
            string kernels = EmittedNames.Class(format.Type, name);
            string? lookup = plan.Form.IsLookup ? printing.LookupInstruction(plan.Form.Table.Count / plan.Form.Planes) : null;
            // A table longer than a register is looked up in a loop of its own, inside the products'.
            bool longTable = plan.Form.IsLookup && plan.Form.Table.Count / plan.Form.Planes > LongestTable;
            (string? Instruction, string? Register) product = plan.Panel.HasTables
                ? (printing.LookupInstruction(16), printing.Register)
                : (printing.DotInstruction, printing.DotRegister);
            foreach (int rows in !plan.HasInt8 ? [] : plan.Panel.HasTables ? [1] : printing.GemvRows(shape))
            {
                Check(kernels, rows == 1 ? "GemvPanel" : $"GemvPanelRows{rows}", false, longTable, product, (lookup, printing.Register));
            }

            if (plan.HasInt8)
            {
                Check(kernels, "DecodeInt8", false, true, (lookup, printing.Register));
            }

            foreach (string method in image.MethodsOf(kernels))
            {
                Check(kernels, method, false, false);
            }

            foreach (int rows in plan.HasInt8 ? printing.TileRows(shape) : [])
            {
                Check($"{shape.Name}_{name}", $"Rows{rows}", printing.WantedRegisters(shape, rows) < printing.Registers, false, (printing.DotInstruction, printing.DotRegister));
            }
        }

        foreach (int rows in _target.Float32TileRows)
        {
            Check($"Tile_F32_{_target.Family}", $"Rows{rows}", true, false, (_target.MultiplyAddInstruction, _target.Register));
        }
    }

    private void Check(string kernels, string method, bool inRegisters, bool holdsLoop, params (string? Instruction, string? Register)[] promised)
    {
        if (!image.Has(kernels, method) && _target.Extends is { } extended)
        {
            // The two targets share this kernel.
            kernels = kernels[..^name.Length] + extended;
        }

        string kernel = $"{kernels}.{method}";
        if (!_seen.Add(kernel))
        {
            return;
        }

        if (!image.Has(kernels, method))
        {
            _failures.Add($"{kernel}: the image has no such method");
            return;
        }

        (int address, byte[] code) = image.CodeOf(kernels, method);
        IReadOnlyList<Instruction> instructions = kind.Decode(address, code);
        IReadOnlyList<IReadOnlyList<Instruction>> loops = Loops.Innermost(instructions);
        IReadOnlyList<IReadOnlyList<Instruction>> places = holdsLoop ? Loops.All(instructions) : loops;
        foreach ((string? instruction, string? register) in promised)
        {
            string[] names = instruction?.Split('|') ?? [];
            if (instruction is not null && !places.Any(loop => loop.Any(i => names.Contains(i.Mnemonic) && i.Register == register)))
            {
                _failures.Add($"{kernel}: no {(holdsLoop ? "" : "innermost ")}loop has {instruction} on {register} registers");
            }
        }

        foreach (IReadOnlyList<Instruction> loop in loops.Where(loop => loop.Any(i => i.Register.Length > 0)))
        {
            if (loop.Any(i => i.IsCall))
            {
                _failures.Add($"{kernel}: the loop at {loop[0].Address - address:X} calls");
            }

            int spills = loop.Count(i => i.IsSpill);
            if (inRegisters && spills > 0)
            {
                _failures.Add($"{kernel}: the loop at {loop[0].Address - address:X} has {spills} spills in {loop.Count} instructions");
            }
        }
    }
}
