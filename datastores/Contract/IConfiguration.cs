using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.Contract;

/// <summary>Change of the user's parameters of a server that runs.</summary>
public interface IConfiguration
{
    /// <summary>
    /// Gives the server these values in place of those that it had: at once where the engine can, and with its next start in any case. All
    /// or, when it refuses one, none. A start that fails with them goes back to those that it was last seen starting with, by itself;
    /// <see cref="ServerStatus.Configuration"/> says so.
    /// </summary>
    /// <returns>What waits for the next start.</returns>
    /// <exception cref="DatastoreException">Precondition: the engine refuses a value. Transient: the server does not answer.</exception>
    Task<ConfigurationApplied> ApplyAsync(IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken);
}
