using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Conformance;

/// <summary>A plane with a deployment of its own. Disposing of it removes all that the deployment has.</summary>
public interface IPlaneUnderTest : IAsyncDisposable
{
    /// <summary>Its servers.</summary>
    ICompute Compute { get; }

    /// <summary>Its volumes.</summary>
    IVolumes Volumes { get; }

    /// <summary>Its ports.</summary>
    INetworks Networks { get; }

    /// <summary>A flavor of <see cref="ICompute.ListFlavorsAsync"/>.</summary>
    string Flavor { get; }

    /// <summary>Another, to which a server can be resized.</summary>
    string OtherFlavor { get; }

    /// <summary>What a restart of the service does: everything that the plane knew in memory is gone.</summary>
    void RestartService();

    /// <summary>Everything that the deployment has on the plane, found by other means than its ports' lists where there are some.</summary>
    Task<IReadOnlyList<string>> TracesAsync();
}
