using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Volumes;

/// <summary>Volumes as servers use them.</summary>
internal interface IServerVolumes : IVolumes
{
    /// <summary>What it cannot limit, in words.</summary>
    IReadOnlyList<string> NotEnforced { get; }

    /// <summary>Makes sure that the volume can be used by this user.</summary>
    /// <returns>Its folder.</returns>
    Task<string> AttachAsync(string key, int? userId, CancellationToken cancellationToken);

    /// <summary>Makes sure that the volume is not mounted. Its server is gone already.</summary>
    Task DetachAsync(string key, CancellationToken cancellationToken);
}
