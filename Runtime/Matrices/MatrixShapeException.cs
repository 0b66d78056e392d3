using System;

namespace KernelGen;

/// <summary>
/// A size, stride, length or range does not fit the matrix, its format or the memory that was passed. The message says what
/// was given, what is possible and what to do.
/// </summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="parameterName">The argument that is wrong, or null.</param>
public sealed class MatrixShapeException(string message, string? parameterName = null) : ArgumentException(message, parameterName);
