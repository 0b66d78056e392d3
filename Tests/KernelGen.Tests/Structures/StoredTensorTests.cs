using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Structures;

/// <summary>What a structured matrix is stored as: which tensors, how many bits, and what becomes of wrong ones.</summary>
public sealed class StoredTensorTests
{
    private const string Ptq161 = "KernelGen.Formats.Ptq161";
    private const string ThreeParts = "KernelGen.Probes.ThreeParts";

    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void TheTensorsAreThoseOfTheDeclaration(string name)
    {
        foreach ((int outputs, int inputs, int part) in ((int, int, int)[])[(1, 1, -1), (7, 33, -1), (5, 40, 0), (5, 41, 1)])
        {
            StructureCase test = StructureCase.Make(name, outputs, inputs, new Random(51), part);
            int[] parts = test.Oracle.PartInputs;
            (string, string, long)[] expected =
            [
                .. StructureOracle.Tensors(test.Spec, outputs, inputs, parts).Select(tensor => (tensor.Name, Text(tensor.Type), tensor.Count)).Order(),
            ];
            IReadOnlyList<TensorInfo> tensors = test.Descriptor.Tensors(outputs, inputs, test.Counts);
            Assert.Equal(expected, tensors.Select(tensor => (tensor.Name, tensor.Type.ToString(), tensor.Count)).Order());

            long bytes = StructureOracle.Tensors(test.Spec, outputs, inputs, parts).Sum(tensor => ((tensor.Count * tensor.Type.Bits) + 7) / 8);
            Assert.Equal(8.0 * bytes / (outputs * inputs), test.Descriptor.BitsPerWeight(outputs, inputs, test.Counts), 12);
            using StructuredMatrix matrix = test.Load();
            Assert.Equal(bytes, matrix.ByteCount);
            Assert.Equal(parts.Select(count => (long)count), matrix.PartInputs);
        }
    }

    [Fact]
    public void BitsPerWeightAreThePublishedFormulas()
    {
        const long O = 4096;
        const long I = 4096;

        // Rows end on whole bytes: exact where the parts' do, and up to 8 bits a row more elsewhere.
        const double Vectors = (1.0 / O) + (16.0 / O) + (68.0 / I);
        Assert.Equal((816 * 4.0 / I) + (3280.0 / I) + Vectors, Bits<Formats.Ptq161>(O, I, 3280, 816), 12);
        const double Published = (0.2 * 4) + 0.8 + Vectors;
        Assert.Equal(1.621, Published, 3);
        const long Salient = (I / 5) + 1;
        Assert.InRange(Bits<Formats.Ptq161>(O, I, I - Salient, Salient), Published, Published + (3.0 / I) + (8.0 / I));
        Assert.Equal(1 + (16.0 / O) + (16.0 / I), Bits<Formats.OneBit>(O, I), 12);
        Assert.Equal(1 + (16.0 / 11008) + (16.0 / I), Bits<Formats.OneBit>(11008, I), 12);
        Assert.Equal(4 + (20.0 / 128), Bits<Formats.Int4AsymInputG128>(O, I), 12);
        Assert.Equal(6 + (8.0 / 256), Bits<Formats.Bfp6Tile>(O, I), 12);
        Assert.Equal(4 + (8.0 / 64) + (32.0 / (64 * 256)) + (32.0 / (O * I)), Bits<Formats.NF4DoubleQuant>(O, I), 12);
        Assert.Equal(4.127, Bits<Formats.NF4DoubleQuant>(O, 16384), 3);
        Assert.Equal(3 + (8.0 / 64) + (32.0 / (64 * 256)) + (32.0 / (O * I)), Bits<Formats.LqLoraNF3>(O, I), 12);
        Assert.Equal(3.127, Bits<Formats.LqLoraNF3>(O, 11008), 3);
        Assert.Equal(2 + (4.0 / 16) + (16.0 / (16 * 64)) + (32.0 / (O * I)), Bits<Formats.LqLoraNF2>(O, I), 12);
        Assert.Equal(4 + (8.0 / 64) + (16.0 / (64 * 256)) + (32.0 / (O * I)), Bits<Formats.LqLoraNF4>(O, I), 12);
        Assert.Equal(2 + (4 * 16.0 / (O * I)), Bits<Formats.TriLm>(O, I, 4), 12);
        Assert.Throws<MatrixShapeException>(() => Bits<Formats.TriLm>(O, I, 3));
        Assert.Throws<MatrixShapeException>(() => Bits<Formats.TriLm>(O, I));
        Assert.Equal(2.5, Bits<Formats.Fdb>(O, I), 12);
        Assert.Equal(2 + (32.0 / I), Bits<Formats.BinaryDm>(O, I), 12);
        Assert.Equal(4 * (1 + (16.0 / O) + (16.0 / I)), Bits<Formats.BitStack4>(O, I), 12);
        Assert.Equal(1 + (32.0 / O), Bits<Formats.FbiBinary>(O, I), 12);
        Assert.Equal(2 + (64.0 / O), Bits<Formats.ClaqColumn2>(O, I), 12);
        Assert.Equal(4 + (256.0 / 11008), Bits<Formats.ClaqColumn4>(11008, I), 12);
        const double Share = 256.0 / I;
        Assert.Equal(2 + (2 * Share) + (16 * (4 + (12 * Share)) / O) + (1.0 / O), Bits<Formats.Claq24>(O, I, I - 256, 256), 12);
        Assert.Equal(2 + (((48 * 16) + 64 + (16.0 * O)) / (O * I)), Bits<Formats.JlcmScale2>(O, I, 16), 12);
        Assert.Equal(2 + (((96 * 16) + (16.0 * O)) / (O * I)), Bits<Formats.JlcmTable2>(O, I, 16), 12);
        Assert.Throws<MatrixShapeException>(() => Bits<Formats.JlcmTable2>(65537, I, 16));
        Assert.Throws<MatrixShapeException>(() => Bits<Formats.JlcmTable2>(O, I, 0));
    }

    [Fact]
    public void AnOrderIsAPermutationAndRunsAddUp()
    {
        const string Name = "KernelGen.Formats.JlcmScale2";
        StructureCase test = StructureCase.Make(Name, 9, 20, new Random(58));
        Refused("order", tensor => tensor.SetBits(3, tensor.GetBits(4)));
        Refused("order", tensor => tensor.SetBits(0, 9));
        Refused("order", tensor => tensor.SetBits(8, 65535));
        Refused("runs", tensor => tensor.SetBits(0, tensor.GetBits(0) + 1));
        Refused("runs", tensor => tensor.SetBits(0, uint.MaxValue));
        Refused("runs", tensor => tensor.AsSpan().Clear());

        void Refused(string name, Action<StoredTensor> change)
        {
            using TensorSet tensors = test.Tensors();
            change(tensors[name]);
            Assert.Equal(name, Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(test.Descriptor, 9, 20, tensors)).Tensor);
        }
    }

    [Fact]
    public void PartsThatDoNotAddUpAreRefused()
    {
        StructureDescriptor format = Structure<Formats.Ptq161>();
        Assert.Throws<MatrixShapeException>(() => format.Tensors(4, 8, 3, 4));
        Assert.Throws<MatrixShapeException>(() => format.Tensors(4, 8, 9, -1));
        Assert.Throws<MatrixShapeException>(() => format.Tensors(4, 8, -1, 9));
        Assert.Throws<MatrixShapeException>(() => format.Tensors(4, 8));
        Assert.Throws<MatrixShapeException>(() => Structure<Formats.OneBit>().Tensors(4, 8, 8));
        Assert.Throws<MatrixShapeException>(() => format.Tensors(4, 0, 0, 0));
    }

    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void WhatWasLoadedIsStoredAgain(string name)
    {
        StructureCase test = StructureCase.Make(name, 7, 45, new Random(52));
        using StructuredMatrix matrix = test.Load();
        using TensorSet expected = test.Tensors();
        using TensorSet actual = matrix.ToTensors();
        Assert.Equal(expected.Tensors.Count, actual.Tensors.Count);
        Assert.All(expected.Tensors, tensor => Assert.Equal(tensor.AsSpan(), actual[tensor.Info.Name].AsSpan()));
    }

    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void AMissingUnknownOrMisshapenTensorIsNamed(string name)
    {
        StructureCase test = StructureCase.Make(name, 7, 45, new Random(53));
        using TensorSet all = test.Tensors();
        foreach (StoredTensor wrong in all.Tensors)
        {
            TensorInfo info = wrong.Info;
            Throws(info.Name, "missing", Without(all, info.Name, null));
            Throws(info.Name, "expected|has", Without(all, info.Name, new TensorInfo(info.Name, info.Type, [.. info.Shape, 1])));
            Throws(info.Name, "expected|has", Without(all, info.Name, new TensorInfo(info.Name, info.Type, [info.Shape[0] + 8, .. info.Shape.Skip(1)])));
            ScalarType other = info.Type == ScalarType.Float32 ? ScalarType.Float16 : ScalarType.Float32;
            Throws(info.Name, "expected|has", Without(all, info.Name, new TensorInfo(info.Name, other, [.. info.Shape])));
        }

        TensorSet extra = test.Tensors();
        extra.Add(new TensorInfo("bias", ScalarType.Float32, 7));
        Throws("bias", "no such tensor", extra);

        void Throws(string tensor, string said, TensorSet tensors)
        {
            StoredTensorException thrown = Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(test.Descriptor, 7, 45, tensors));
            Assert.Equal(tensor, thrown.Tensor);
            Assert.Matches(said, thrown.Message);
            tensors.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void NumbersThatAreNotFiniteAreNamed(string name)
    {
        StructureCase test = StructureCase.Make(name, 7, 45, new Random(54));
        using TensorSet clean = test.Tensors();
        foreach (StoredTensor tensor in clean.Tensors.Where(t => t.Info.Type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
        {
            foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                // The last entry: of a vector over the inputs inside a part, perhaps one the part does not use.
                using TensorSet tensors = test.Tensors();
                tensors[tensor.Info.Name].SetNumber(tensor.Info.Count - 1, value);
                StoredTensorException thrown = Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(test.Descriptor, 7, 45, tensors));
                Assert.Equal(tensor.Info.Name, thrown.Tensor);
                Assert.Contains($"entry {tensor.Info.Count - 1}", thrown.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void ScalesInBlocksThatAreNotFiniteAreFound()
    {
        StructureCase test = StructureCase.Make("KernelGen.Probes.RowVector", 7, 45, new Random(55));
        using TensorSet tensors = test.Tensors();
        tensors["blocks"].AsSpan().Fill(0xFF);
        Assert.Equal("blocks", Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(test.Descriptor, 7, 45, tensors)).Tensor);
    }

    [Fact]
    public void AMaskOfOtherCountsIsFoundByTheRowsItNeeds()
    {
        StructureCase test = StructureCase.Make(Ptq161, 7, 45, new Random(56));
        for (int column = 0; column < 45; column++)
        {
            using TensorSet tensors = test.Tensors();
            tensors["mask"].SetBits(column, tensors["mask"].GetBits(column) ^ 1);
            long before = test.Oracle.PartInputs[1];
            long after = before + (tensors["mask"].GetBits(column) == 1 ? 1 : -1);
            if ((after + 1) / 2 == (before + 1) / 2 && (45 - after + 7) / 8 == (45 - before + 7) / 8)
            {
                continue;
            }

            StoredTensorException thrown = Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(test.Descriptor, 7, 45, tensors));
            Assert.EndsWith("blocks", thrown.Tensor, StringComparison.Ordinal);
            Assert.Contains("mask", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AMaskEntryBeyondThePartsAndBitsBeyondTheEntriesAreRefused()
    {
        StructureCase test = StructureCase.Make(ThreeParts, 7, 45, new Random(57));
        using TensorSet beyond = test.Tensors();
        beyond["mask"].SetBits(44, 3);
        StoredTensorException thrown = Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(test.Descriptor, 7, 45, beyond));
        Assert.Equal("mask", thrown.Tensor);
        Assert.Contains("entry 44", thrown.Message, StringComparison.Ordinal);

        using TensorSet padded = test.Tensors();
        padded["mask"].AsSpan()[^1] |= 0x80;
        Assert.Equal("mask", Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(test.Descriptor, 7, 45, padded)).Tensor);
    }

    [Fact]
    public void ProductsOfFiniteNumbersThatOverflowAreFoundByValidate()
    {
        StructureCase test = StructureCase.Make("KernelGen.Probes.ColumnVectorNorm", 7, 45, new Random(58));
        using TensorSet tensors = test.Tensors();
        tensors["column"].SetNumber(44, 1e30f);
        tensors["scale"].SetNumber(6, 1e36f);
        tensors["blocks"].AsSpan()[^1] = 100;
        using StructuredMatrix matrix = StructuredMatrix.FromTensors(test.Descriptor, 7, 45, tensors);
        Assert.Equal(new StructureFault(6, 44), matrix.Validate());
        using StructuredMatrix clean = test.Load();
        Assert.Null(clean.Validate());
    }

    [Fact]
    public void BytesOfAnotherLengthAreRefused()
    {
        using TensorSet tensors = new();
        TensorInfo info = new("mask", ScalarType.UInt1, 9);
        Assert.Equal("mask", Assert.Throws<StoredTensorException>(() => tensors.Add(info, new byte[1])).Tensor);
        tensors.Add(info, new byte[2]);
        Assert.Throws<ArgumentException>(() => tensors.Add(info));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensors["mask"].GetBits(9));
        Assert.Throws<StoredTensorException>(() => tensors["other"]);
    }

    [Fact]
    public void ElementsOfEveryTypeAreReadAsTheyWereWritten()
    {
        foreach (ScalarType type in Enum.GetValues<ScalarType>())
        {
            using TensorSet tensors = new();
            StoredTensor tensor = tensors.Add(new TensorInfo("t", type, 13));
            int bits = (int)((tensor.Info.ByteCount * 8) / 13);
            Random random = new(59);
            uint[] values = [.. Enumerable.Range(0, 13).Select(_ => (uint)random.NextInt64(1L << 32) & (uint)((1L << Math.Min(bits, 32)) - 1))];
            foreach (int i in Enumerable.Range(0, 13).Reverse())
            {
                tensor.SetBits(i, values[i]);
            }

            Assert.Equal(values.Select(v => v & Mask(type)), Enumerable.Range(0, 13).Select(i => tensor.GetBits(i)));
        }

        static uint Mask(ScalarType type)
        {
            string digits = new(type.ToString().SkipWhile(c => !char.IsDigit(c)).ToArray());
            int bits = type is ScalarType.E8M0 or ScalarType.Exponent8 ? 8 : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
            return (uint)((1L << bits) - 1);
        }
    }

    [Fact]
    public void LayoutHashesTellStructuresApart()
    {
        ulong[] hashes = [.. Kernels.KernelCase.Structures.Select(s => s.LayoutHash)];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    private static double Bits<TFormat>(long outputs, long inputs, params long[] parts)
        where TFormat : struct, IStructuredFormat<TFormat> => TFormat.Structure.BitsPerWeight(outputs, inputs, parts);

    private static StructureDescriptor Structure<TFormat>()
        where TFormat : struct, IStructuredFormat<TFormat> => TFormat.Structure;

    private static string Text(StoredType type) => type.Class switch
    {
        StoredClass.Unsigned => "UInt" + type.Bits,
        StoredClass.Signed => "Int" + type.Bits,
        _ => type.Class.ToString(),
    };

    private static TensorSet Without(TensorSet all, string name, TensorInfo? instead)
    {
        TensorSet some = new();
        foreach (StoredTensor tensor in all.Tensors)
        {
            if (tensor.Info.Name != name)
            {
                some.Add(tensor.Info, tensor.AsSpan());
            }
        }

        if (instead is not null)
        {
            some.Add(instead);
        }

        return some;
    }
}
