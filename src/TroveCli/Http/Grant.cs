namespace Dbaas.TroveCli.Http;

/// <summary>What a login gave: a token, and where the database API is.</summary>
internal sealed record Grant(string Token, string Endpoint, string ProjectId);
