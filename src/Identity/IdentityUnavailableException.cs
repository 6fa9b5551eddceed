namespace Dbaas.Identity;

/// <summary>Nobody can say now whose a token is: neither that it is good nor that it is not.</summary>
/// <param name="message">Why, without anything secret.</param>
/// <param name="inner">What came before.</param>
public sealed class IdentityUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
