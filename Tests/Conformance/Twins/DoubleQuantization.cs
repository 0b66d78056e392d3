namespace KernelGen.Conformance.Twins;

/// <summary>QLoRA's double quantization: blocks of 16, four of them, one in a row, under one f32.</summary>
[Block(16)]
[Scale(typeof(DynamicEntry), Name = "scale")]
[Scale(ScalarType.Float32, Per = 64, Flat = true, Name = "nested")]
[Scale(ScalarType.Float32, Per = Extent.Tensor, Added = true, Name = "offset")]
[Codes(4, HighFirst = true), Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax, UnroundedScale = true)]
internal readonly partial record struct DoubleQuant4;

/// <summary>An entry of the signed dynamic map.</summary>
[Codes(8), Codebook(CodebookFamily.Dynamic)]
internal readonly partial record struct DynamicEntry;

/// <summary>LQ-LoRA's NF3: blocks of 16, four of them, one in a row, under one f32.</summary>
[Block(16)]
[Scale(ScalarType.UInt8, Multiply = 1.0 / 255, Name = "scale")]
[Scale(ScalarType.Float32, Per = 64, Flat = true, Name = "nested")]
[Scale(ScalarType.Float32, Per = Extent.Tensor, Added = true, Name = "offset")]
[Codes(3), Codebook(CodebookFamily.NormalFloat)]
internal readonly partial record struct LqLora3;
