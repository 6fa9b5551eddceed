using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>How the data of a master comes to a slave.</summary>
internal interface IDataTransfer
{
    /// <summary>In the document.</summary>
    string Format { get; }

    /// <summary>Master: a login of its own is needed for reading.</summary>
    bool NeedsReader { get; }

    /// <summary>Master: the server has what it needs for that; what a start had no room for comes with the next.</summary>
    Task<bool> CanOfferAsync(CancellationToken cancellationToken);

    /// <summary>Master: lets the slave read. Repeated, the same again.</summary>
    /// <returns>Where, and the token if there is one.</returns>
    Task<(string Href, string? Token)> OfferAsync(string snapshotId, OpenSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Master: nobody reads any more.</summary>
    Task CloseAsync(string snapshotId, OpenSnapshot? snapshot, CancellationToken cancellationToken);

    /// <summary>Slave: fills the folder for new data, ready for a server to start on it.</summary>
    /// <returns>The exact position of the data, where the engine must be told.</returns>
    Task<string> LoadAsync(SnapshotDocument snapshot, IJobProgress progress, CancellationToken cancellationToken);
}
