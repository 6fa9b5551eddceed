using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Upgrade;

/// <summary>
/// Carries the command out: fetch, check, write, note, end. The command stays begun in the journal and comes again, to whichever agent the
/// host starts next; that one answers it.
/// </summary>
internal sealed class AgentUpgrade(Slots slots, Probation probation, GatewayClient gateway, Action end, Action<string> log)
{
    private const long Largest = 512L << 20;

    public async Task EnsureAsync(UpgradeAgent wanted, CancellationToken cancellationToken)
    {
        // First: which slot is free, and whether this is the release that is wanted, depends on it.
        await probation.Proved.WaitAsync(cancellationToken);
        switch (UpgradeDecision.Next(slots.Read(), AgentVersion.Text, wanted))
        {
            case UpgradeDecision.Done:
                return;
            case UpgradeDecision.Refuse refuse:
                throw new DatastoreException(FaultKind.Permanent, refuse.Why);
            case UpgradeDecision.Fetch fetch:
                await FetchAsync(wanted, fetch.Slot, cancellationToken);
                break;
        }

        log($"The agent {AgentVersion.Text} gives way to {wanted.Version}.");
        end();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private async Task FetchAsync(UpgradeAgent wanted, string slot, CancellationToken cancellationToken)
    {
        if (wanted.Size is <= 0 or > Largest
            || wanted.Sha256.Length != SHA256.HashSizeInBytes * 2
            || !wanted.Sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new DatastoreException(FaultKind.Permanent, "The release has a size or a hash that cannot be one.");
        }

        try
        {
            // What was in the slot does not count any more.
            slots.Write(slots.Read() with { Candidate = null });
            await slots.FillAsync(slot, async file =>
            {
                var came = await gateway.FetchReleaseAsync(wanted.Sha256, wanted.Size, file, cancellationToken);
                if (came != wanted.Sha256)
                {
                    throw new DatastoreException(
                        FaultKind.Permanent,
                        $"What the gateway sent is not the release that was named: its hash is {came}. The old agent goes on.");
                }
            });
        }
        catch (GatewayException e)
        {
            throw new DatastoreException(
                e.Refused ? FaultKind.Permanent : FaultKind.Transient, $"The release cannot be fetched: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new DatastoreException(FaultKind.Transient, $"The release cannot be written: {e.Message}", e);
        }

        var release = new SlotRelease(slot, wanted.Version);
        slots.Write(slots.Read() with { Candidate = new Candidate(release, wanted.UpgradeId, wanted.ConfirmSeconds) });
    }
}
