using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// How the quads of an activation group are walked: an outer loop over units of whole segments, straight-line inside; a segment
/// longer than a chunk is walked in chunks of 8 quads. Units are whole chunks, so that code planes can be addressed by constants.
/// </summary>
/// <param name="Units">Iterations of the outer loop.</param>
/// <param name="SegmentsPerUnit">Segments in a unit.</param>
/// <param name="ChunksPerSegment">Iterations of the inner loop, 1 where a segment is walked straight.</param>
/// <param name="QuadsPerChunk">Quads walked straight.</param>
internal sealed record SegmentLoop(int Units, int SegmentsPerUnit, int ChunksPerSegment, int QuadsPerChunk)
{
    private const int Chunk = 8;

    /// <summary>Segments up to this many quads are walked straight.</summary>
    private const int StraightQuads = 8;

    /// <summary>The loop of a shape; <paramref name="stretch"/>: quads of a chunk where not <see cref="Chunk"/>, or 0.</summary>
    public static SegmentLoop Of(TileShape shape, int stretch = 0)
    {
        int quads = shape.QuadsPerSegment;
        int chunk = stretch > 0 ? stretch : Chunk;
        if (quads > StraightQuads && quads % chunk == 0)
        {
            int pair = shape.Integer && shape.SegmentsPerGroup % 2 == 0 ? 2 : 1;
            return new SegmentLoop(shape.SegmentsPerGroup / pair, pair, quads / chunk, chunk);
        }

        int perUnit = 1;
        while (perUnit * quads % Chunk != 0)
        {
            perUnit++;
        }

        if (shape.Integer && perUnit % 2 != 0)
        {
            perUnit *= 2;
        }

        return shape.SegmentsPerGroup % perUnit == 0
            ? new SegmentLoop(shape.SegmentsPerGroup / perUnit, perUnit, 1, quads)
            : new SegmentLoop(1, shape.SegmentsPerGroup, 1, quads);
    }
}
