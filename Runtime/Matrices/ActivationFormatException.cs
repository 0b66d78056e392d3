using System;

namespace KernelGen;

/// <summary>
/// A product was to take its activations in a format (<see cref="MultiplyOptions.Activations"/>) that cannot be that of activations, or not of int8
/// products with these weights. The message says why and what can be asked for instead.
/// </summary>
/// <param name="message">What is wrong and what to do.</param>
public sealed class ActivationFormatException(string message) : NotSupportedException(message);
