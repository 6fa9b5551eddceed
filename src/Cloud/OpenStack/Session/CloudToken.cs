namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>A login. A class, not a record: nothing prints the token by accident.</summary>
internal sealed class CloudToken(string value, DateTimeOffset expiresAt, string projectId, ServiceCatalogue catalogue)
{
    public string Value { get; } = value;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    public string ProjectId { get; } = projectId;

    public ServiceCatalogue Catalogue { get; } = catalogue;
}
