namespace KernelGen.Conformance;

/// <summary>A matrix as a format stores it.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Inputs">Row length K.</param>
/// <param name="Blocks">The rows' blocks, row after row.</param>
/// <param name="RowSides">The side parameters of the rows.</param>
/// <param name="TensorSide">The side parameters of the matrix.</param>
internal sealed record StoredMatrix(int Rows, int Inputs, byte[] Blocks, byte[] RowSides, byte[] TensorSide);
