namespace Dbaas.GuestAgent.Transfer;

/// <summary>Token and port of an offer.</summary>
/// <param name="Token">A secret.</param>
/// <param name="Port">0: not chosen yet.</param>
internal sealed record OfferRecord(string Token, int Port);
