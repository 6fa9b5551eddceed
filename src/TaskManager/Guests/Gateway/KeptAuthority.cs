using System.Text;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>
/// The authority's key and certificate, encrypted in the control database: a gateway needs nothing but the master key to be one of many.
/// </summary>
internal static class KeptAuthority
{
    /// <summary>Reads it; whoever is first makes it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="formerFile">Where a service before this version kept its own: its agents trust that one.</param>
    /// <param name="time">Where time comes from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<byte[]> TakeAsync(
        IDatabase database, string formerFile, TimeProvider time, CancellationToken cancellationToken)
    {
        var kept = await database.ReadAsync(unit => ControlSecretRows.Find(unit, ControlSecretRows.GuestAuthority), cancellationToken);
        if (kept is null)
        {
            var made = File.Exists(formerFile)
                ? await File.ReadAllTextAsync(formerFile, cancellationToken)
                : Encoding.ASCII.GetString(CertificateAuthority.Make(time));
            await database.WriteAsync(
                unit => ControlSecretRows.KeepFirst(unit, ControlSecretRows.GuestAuthority, made), cancellationToken);

            // Another gateway may have been quicker.
            kept = await database.ReadAsync(unit => ControlSecretRows.Find(unit, ControlSecretRows.GuestAuthority), cancellationToken);
        }

        return Encoding.ASCII.GetBytes(kept!);
    }
}
