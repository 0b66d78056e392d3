using System;

namespace KernelGen.Bench.Peers;

/// <summary>A library to compare with cannot be used. The message says which, why, and what is needed.</summary>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class PeerException(string message) : Exception(message);
