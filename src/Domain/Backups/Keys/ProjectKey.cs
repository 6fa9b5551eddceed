namespace Dbaas.Domain.Backups.Keys;

/// <summary>A project's own public key: what is backed up from then on can be opened with its private half alone.</summary>
public sealed record ProjectKey
{
    /// <summary>The project.</summary>
    public string TenantId { get; init; } = "";

    /// <summary>The key, as <c>age</c> writes it.</summary>
    public string Recipient { get; init; } = "";

    /// <summary>When it was given, in Unix milliseconds.</summary>
    public long Updated { get; init; }
}
