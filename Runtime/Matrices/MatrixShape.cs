using System;

namespace KernelGen;

/// <summary>Checks sizes against what a format allows.</summary>
internal static class MatrixShape
{
    /// <summary>Bytes of a stored row, after checking that the format can store the matrix.</summary>
    /// <param name="format">The format.</param>
    /// <param name="outputs">Rows O.</param>
    /// <param name="inputs">Row length I.</param>
    /// <returns>Bytes of a row.</returns>
    /// <exception cref="MatrixShapeException">It cannot.</exception>
    public static long RowBytes(FormatDescriptor format, long outputs, long inputs)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (outputs < 0 || inputs < 1)
        {
            throw new MatrixShapeException($"A matrix has 0 or more outputs and at least 1 input; {outputs} x {inputs} was asked for.", outputs < 0 ? nameof(outputs) : nameof(inputs));
        }

        if (format.Ragged == RaggedRows.Reject && inputs % format.BlockInputs != 0)
        {
            throw new MatrixShapeException(
                $"{format.Name} stores rows in blocks of {format.BlockInputs} inputs and rejects rows of {inputs}. Pad the rows to {(inputs / format.BlockInputs + 1) * format.BlockInputs} or choose a format with RaggedRows.Pad.",
                nameof(inputs));
        }

        try
        {
            long row = format.RowBytes(inputs);
            _ = checked((outputs * (row + format.RowSideBytes)) + format.MatrixSideBytes(inputs));
            return row;
        }
        catch (OverflowException)
        {
            throw new MatrixShapeException($"{outputs} x {inputs} weights in {format.Name} take more than 2^63 bytes.", nameof(outputs));
        }
    }

    /// <summary>Checks the exact lengths of stored weights.</summary>
    /// <param name="format">The format.</param>
    /// <param name="outputs">Rows O.</param>
    /// <param name="inputs">Row length I.</param>
    /// <param name="blockBytes">Bytes of the stored rows.</param>
    /// <param name="rowSideBytes">Bytes of the side parameters by row.</param>
    /// <param name="tensorSideBytes">Bytes of the side parameters of the matrix.</param>
    /// <exception cref="MatrixShapeException">One of them differs.</exception>
    public static void CheckLengths(FormatDescriptor format, long outputs, long inputs, long blockBytes, long rowSideBytes, long tensorSideBytes)
    {
        long row = RowBytes(format, outputs, inputs);
        Check("blocks", blockBytes, outputs * row, $"{outputs} rows of {row} bytes");
        Check("side parameters by row", rowSideBytes, outputs * format.RowSideBytes, $"{outputs} rows of {format.RowSideBytes} bytes");
        Check("side parameters of the matrix", tensorSideBytes, format.MatrixSideBytes(inputs), $"{format.MatrixSideBytes(inputs)} bytes");

        void Check(string what, long actual, long expected, string how)
        {
            if (actual != expected)
            {
                throw new MatrixShapeException($"The {what} of {outputs} x {inputs} weights in {format.Name} are {expected} bytes ({how}); {actual} were given.");
            }
        }
    }

    /// <summary>Checks a row number.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="row">The row.</param>
    /// <exception cref="MatrixShapeException">The matrix has no such row.</exception>
    public static void CheckRow(QuantizedMatrix matrix, long row)
    {
        if ((ulong)row >= (ulong)matrix.Outputs)
        {
            throw new MatrixShapeException($"Row {row} was asked for; {matrix} has rows 0 to {matrix.Outputs - 1}.", nameof(row));
        }
    }

    /// <summary>Checks the number of activation rows.</summary>
    /// <param name="rows">M.</param>
    /// <exception cref="MatrixShapeException">It is negative.</exception>
    public static void CheckRows(long rows)
    {
        if (rows < 0)
        {
            throw new MatrixShapeException($"A product has 0 or more activation rows; {rows} were asked for.", nameof(rows));
        }
    }

    /// <summary>Checks a rectangle of a product.</summary>
    /// <param name="part">The rectangle.</param>
    /// <param name="rows">M.</param>
    /// <param name="outputs">O.</param>
    /// <exception cref="MatrixShapeException">It does not lie inside the product.</exception>
    public static void CheckPart(in OutputRectangle part, long rows, long outputs)
    {
        if (part.FirstRow < 0 || part.EndRow < part.FirstRow || part.EndRow > rows
            || part.FirstOutput < 0 || part.EndOutput < part.FirstOutput || part.EndOutput > outputs)
        {
            throw new MatrixShapeException(
                $"Rows [{part.FirstRow}, {part.EndRow}) and outputs [{part.FirstOutput}, {part.EndOutput}) were asked for; the product has rows [0, {rows}) and outputs [0, {outputs}).",
                nameof(part));
        }
    }

    /// <summary>Checks that a product is not written over what it reads.</summary>
    /// <param name="activations">What is read.</param>
    /// <param name="output">What is written.</param>
    /// <exception cref="MatrixShapeException">They overlap.</exception>
    public static void CheckApart(ReadOnlySpan<float> activations, Span<float> output)
    {
        if (activations.Overlaps(output))
        {
            throw new MatrixShapeException("The output overlaps the activations, which are still read while it is written. Give it memory of its own.", nameof(output));
        }
    }

    /// <summary>Checks a number of elements.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="actual">What was given.</param>
    /// <param name="expected">What is needed.</param>
    /// <exception cref="MatrixShapeException">They differ.</exception>
    public static void CheckCount(string name, long actual, long expected)
    {
        if (actual != expected)
        {
            throw new MatrixShapeException($"'{name}' must have exactly {expected} elements; it has {actual}.", name);
        }
    }

    /// <summary>Checks a row stride.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="columns">Elements of a row that are used.</param>
    /// <param name="rows">Rows; a single row needs no stride.</param>
    /// <exception cref="MatrixShapeException">Rows would overlap.</exception>
    public static void CheckStride(string name, long stride, long columns, long rows)
    {
        if (rows > 1 && stride < columns)
        {
            throw new MatrixShapeException($"'{name}' is {stride}, less than the {columns} elements of a row: rows would overlap.", name);
        }
    }
}
