using System.Collections.Generic;

namespace KernelGen.Encoders;

internal sealed unsafe class GridSearch(SearchPlan plan, ErrorWeighting weighting) : IBlockSearch
{
    public int Blocks => 1;

    public static string Fault(FormatDescriptor format, ScaleLevels scale, ScaleLevels? min, List<StoredParameter>? zeros, (int Offset, int Per)? signs) => "vectors to come";

    public void Encode(float* row, long inputs, float* importance, long firstBlock, KernelSet kernels, byte* to, long count) => throw new System.NotImplementedException($"{plan}{weighting}");

    public void Dispose()
    {
    }
}
