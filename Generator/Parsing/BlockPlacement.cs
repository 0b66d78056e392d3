using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>
/// Places the fields of one block. Fields follow each other in declared order, each from a byte boundary; slices stand where
/// they say, and what follows them stands after the furthest bit placed so far, from the next byte.
/// </summary>
internal sealed class BlockPlacement
{
    private const int MaxBits = LayoutBuilder.MaxBlockBytes * 8;

    private readonly Declaration _declaration;
    private readonly FormatSpec _spec;
    private readonly IReadOnlyList<ParameterSpec> _parameters;
    private readonly DiagnosticBag _diagnostics;
    private readonly BlockMap _map;
    private readonly List<SliceSpec> _slices = [];
    private readonly List<LocationInfo> _locations = [];

    /// <param name="declaration">What is declared.</param>
    /// <param name="spec">The same, all but the places filled in.</param>
    /// <param name="diagnostics">What is wrong.</param>
    public BlockPlacement(Declaration declaration, FormatSpec spec, DiagnosticBag diagnostics)
    {
        _declaration = declaration;
        _spec = spec;
        _parameters = spec.Parameters;
        _diagnostics = diagnostics;
        _map = new BlockMap(_parameters.Count);
    }

    /// <summary>Where every bit stands.</summary>
    public IReadOnlyList<SliceSpec> Slices => _slices;

    /// <summary>Bytes of the block.</summary>
    public int Bytes => _map.End / 8;

    /// <summary>Whether the codes of the first n inputs, for every n, are the block's first ceil(n * bits / 8) bytes.</summary>
    public bool CanEndShort
    {
        get
        {
            if (!_spec.StoresCodes || _parameters.Any(static parameter => !parameter.IsSide))
            {
                return false;
            }

            foreach (SliceSpec slice in _slices)
            {
                for (int entry = slice.First; entry < slice.First + slice.Count; entry++)
                {
                    if (slice.BitOf(entry) + slice.Bits > ((((entry + 1) * _spec.StoredCodeBits) + 7) & ~7))
                    {
                        return false;
                    }
                }
            }

            return true;
        }
    }

    /// <summary>Places everything, or says what is wrong.</summary>
    public void Place()
    {
        int before = _diagnostics.Count;
        DeclaredCodes codes = _declaration.Codes!;
        List<DeclaredPlane> planes = [.. _declaration.Fields.OfType<DeclaredPlane>()];
        HashSet<string> sliced = new(_declaration.Fields.OfType<DeclaredSlice>().Select(static slice => slice.Quantity), StringComparer.Ordinal);
        CheckCodePlacement(codes, planes, sliced.Contains(ParameterRules.CodesName));
        CheckPlanes(planes);
        if (_diagnostics.Count != before)
        {
            return;
        }

        int parameter = 0;
        foreach (DeclaredAttribute field in _declaration.Fields)
        {
            switch (field)
            {
                case DeclaredCodes when planes.Count == 0 && !sliced.Contains(ParameterRules.CodesName):
                    PlaceCodes(codes.Location, 0, _spec.StoredCodeBits, codes.Stripe, codes.HighFirst);
                    break;
                case DeclaredPlane plane:
                    PlaceCodes(plane.Location, plane.FromBit, plane.Bits, plane.Stripe, plane.HighFirst);
                    break;
                case var _ when ParameterRules.IsQuantity(field):
                    ParameterSpec spec = _parameters[parameter];
                    if (!spec.IsSide && !sliced.Contains(spec.Name) && spec.Type.Bits > 8 && spec.Type.Bits % 8 != 0 && Entries(parameter) > 1)
                    {
                        _diagnostics.Add(Rules.SliceAlignment, field.Location, spec.Type.Bits);
                    }
                    else if (!spec.IsSide && !sliced.Contains(spec.Name))
                    {
                        PlaceField(field.Location, new SliceSpec(
                            parameter,
                            0,
                            0,
                            spec.Type.Bits,
                            _map.End,
                            SliceMaps.Normal([new Dimension(Entries(parameter), spec.Type.Bits)])));
                    }

                    parameter++;
                    break;
                case DeclaredSlice slice:
                    PlaceSlice(slice);
                    break;
                default:
                    break;
            }
        }

        if (_diagnostics.Count == before)
        {
            CheckComplete();
        }
    }

    private void CheckCodePlacement(DeclaredCodes codes, List<DeclaredPlane> planes, bool sliced)
    {
        string? other = planes.Count != 0 ? "[Plane]" : sliced ? "[Slice]" : null;
        if (planes.Count != 0 && sliced)
        {
            _diagnostics.Add(Rules.CodesPlacedTwice, planes[0].Location, "[Plane]", "[Slice]");
        }

        if (other is not null && (codes.Stripe != 1 || codes.HighFirst))
        {
            _diagnostics.Add(Rules.CodesPlacedTwice, codes.Location, codes.Stripe != 1 ? "Stripe" : "HighFirst", other);
        }

        if (_declaration.Block.Inputs < 0)
        {
            CheckWholeRow(codes, planes);
        }
    }

    private void CheckWholeRow(DeclaredCodes codes, List<DeclaredPlane> planes)
    {
        const string Advice = "the codes of a row follow each other";
        if (codes.Stripe != 1)
        {
            _diagnostics.Add(Rules.WholeRowLayout, codes.Location, "codes cannot be striped", Advice);
        }

        if (planes.Count != 0)
        {
            _diagnostics.Add(Rules.WholeRowLayout, planes[0].Location, "codes cannot be split into planes", Advice);
        }

        if (_declaration.Fields.OfType<DeclaredSlice>().FirstOrDefault() is { } slice)
        {
            _diagnostics.Add(Rules.WholeRowLayout, slice.Location, "nothing can be sliced", Advice);
        }
    }

    private void CheckPlanes(List<DeclaredPlane> planes)
    {
        int seen = 0;
        foreach (DeclaredPlane plane in planes)
        {
            if (plane.Bits < 1 || plane.FromBit < 0 || plane.Bits > _spec.StoredCodeBits || plane.FromBit > _spec.StoredCodeBits - plane.Bits)
            {
                _diagnostics.Add(
                    Rules.PlaneCoverage,
                    plane.Location,
                    "A plane of " + Text(plane.Bits) + " bits from bit " + Text(plane.FromBit) + " is not within the code",
                    _spec.StoredCodeBits);
                return;
            }

            int bits = ((1 << plane.Bits) - 1) << plane.FromBit;
            if ((seen & bits) != 0)
            {
                _diagnostics.Add(Rules.PlaneCoverage, plane.Location, "The plane overlaps an earlier one", _spec.StoredCodeBits);
                return;
            }

            seen |= bits;
        }

        if (planes.Count != 0 && seen != (1 << _spec.StoredCodeBits) - 1)
        {
            int missing = Enumerable.Range(0, _spec.StoredCodeBits).First(bit => (seen & (1 << bit)) == 0);
            _diagnostics.Add(Rules.PlaneCoverage, planes[planes.Count - 1].Location, "No plane holds code bit " + Text(missing), _spec.StoredCodeBits);
        }
    }

    private void PlaceCodes(LocationInfo location, int fromBit, int bits, int stripe, bool highFirst)
    {
        if (stripe < 1)
        {
            _diagnostics.Add(Rules.StripeBlock, location, stripe, bits, "no", _spec.StoredCodes);
            return;
        }

        if (bits > 8 && bits % 8 != 0)
        {
            _diagnostics.Add(Rules.SliceAlignment, location, bits);
            return;
        }

        if (stripe == 1 && !highFirst)
        {
            PlaceField(location, new SliceSpec(
                SliceSpec.CodesQuantity, 0, fromBit, bits, _map.End, SliceMaps.Normal([new Dimension(_spec.StoredCodes, bits)])));
            return;
        }

        if (8 % bits != 0)
        {
            _diagnostics.Add(Rules.StripeBits, location, bits, highFirst ? "HighFirst" : "Stripe = " + Text(stripe));
            return;
        }

        long period = (long)stripe * (8 / bits);
        if (_spec.StoredCodes % period != 0)
        {
            _diagnostics.Add(Rules.StripeBlock, location, stripe, bits, period, _spec.StoredCodes);
            return;
        }

        PlaceField(location, new SliceSpec(
            SliceSpec.CodesQuantity,
            0,
            fromBit,
            bits,
            _map.End + (highFirst ? 8 - bits : 0),
            SliceMaps.Normal(
            [
                new Dimension(stripe, 8),
                new Dimension(8 / bits, highFirst ? -bits : bits),
                new Dimension((int)(_spec.StoredCodes / period), stripe * 8),
            ])));
    }

    /// <summary>Places a field from the cursor and rounds it up to bytes.</summary>
    private void PlaceField(LocationInfo location, SliceSpec field)
    {
        long end = _map.End + (((long)field.Count * field.Bits) + 7) / 8 * 8;
        if (end > MaxBits)
        {
            if (!_diagnostics.Has(Rules.BlockBytes))
            {
                _diagnostics.Add(Rules.BlockBytes, location, end / 8, LayoutBuilder.MaxBlockBytes);
            }

            return;
        }

        _map.Align();
        Place(location, field);
        _map.PadTo((int)end);
    }

    private void PlaceSlice(DeclaredSlice declared)
    {
        if (SliceRules.Read(declared, _parameters, _spec.StoredCodeBits, Entries, _diagnostics) is { } slice)
        {
            Place(declared.Location, slice);
        }
    }

    private void Place(LocationInfo location, SliceSpec slice)
    {
        _slices.Add(slice);
        _locations.Add(location);
        BlockMap.Conflict? conflict = _map.Add(slice, Entries(slice.Quantity));
        if (conflict is not { } found)
        {
            return;
        }

        if (found.IsBlockBit)
        {
            _diagnostics.Add(Rules.BitShared, location, NameOf(slice.Quantity), found.Bit, found.Owner == BlockMap.Padding ? "the rounding of a field to bytes" : NameOf(found.Owner));
        }
        else
        {
            _diagnostics.Add(Rules.BitsPlacedTwice, location, found.Bit, found.Entry, NameOf(slice.Quantity));
        }
    }

    private void CheckComplete()
    {
        int before = _diagnostics.Count;
        List<DeclaredAttribute> owners = [.. _declaration.Fields.Where(ParameterRules.IsQuantity)];
        for (int quantity = SliceSpec.CodesQuantity; quantity < _parameters.Count; quantity++)
        {
            if (quantity >= 0 && _parameters[quantity].IsSide)
            {
                continue;
            }

            int bits = quantity < 0 ? _spec.StoredCodeBits : _parameters[quantity].Type.Bits;
            if (_map.Missing(quantity, Entries(quantity), bits) is { } missing)
            {
                LocationInfo location = quantity < 0 ? _declaration.Codes!.Location : owners[quantity].Location;
                _diagnostics.Add(Rules.BitsNotPlaced, location, missing.Bit, missing.Entry, NameOf(quantity));
            }
        }

        if (_diagnostics.Count == before && _map.Hole is var (hole, next))
        {
            int after = _slices.FindIndex(slice => Enumerable.Range(slice.First, slice.Count).Any(entry => slice.BitOf(entry) == next));
            _diagnostics.Add(Rules.BlockHole, _locations[Math.Max(after, 0)], hole, next);
        }
    }

    private int Entries(int quantity) => quantity < 0 ? _spec.StoredCodes : _spec.Block.Inputs / _parameters[quantity].Inputs;

    private string NameOf(int quantity) => quantity < 0 ? ParameterRules.CodesName : _parameters[quantity].Name;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
