using Dbaas.Keystone;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>A login, and what it is good for.</summary>
internal sealed class CloudToken(string value, DateTimeOffset expiresAt, string projectId, ServiceCatalogue catalogue)
    : KeystoneToken(value, expiresAt)
{
    public string ProjectId { get; } = projectId;

    public ServiceCatalogue Catalogue { get; } = catalogue;
}
