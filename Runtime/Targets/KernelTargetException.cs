using System;

namespace KernelGen;

/// <summary>
/// A kernel target was asked for, by name or in a call, that is unknown, that this machine does not support, or for which a
/// format has no kernels. The message says which, and what can be asked for instead.
/// </summary>
/// <param name="message">What is wrong and what to do.</param>
public sealed class KernelTargetException(string message) : Exception(message);
