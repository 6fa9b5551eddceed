namespace Dbaas.Domain.Backups.Keys;

/// <summary>A project's own public key: what is backed up from then on can be opened with its private half alone.</summary>
/// <param name="TenantId">The project.</param>
/// <param name="Recipient">The key, as <c>age</c> writes it.</param>
/// <param name="Updated">When it was given, in Unix milliseconds.</param>
public sealed record ProjectKey(string TenantId, string Recipient, long Updated);
