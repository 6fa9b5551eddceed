using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Backups;

/// <summary>What is in the store of a backup.</summary>
public sealed class StoredObjects(IObjects store)
{
    // A line has at most 8 digits, a blank, 64 digits and an end.
    private const int LongestLine = 74;

    /// <summary>Compares what an agent says it wrote with what is there. The agent is not trusted, and stores lose things.</summary>
    /// <returns>What is wrong; null: nothing is.</returns>
    public async Task<string?> CheckAsync(string place, ObjectList said, CancellationToken cancellationToken)
    {
        if (said.Parts is <= 0 or > int.MaxValue / LongestLine || said.Run.Length is 0 or > 40 || !said.Run.All(char.IsAsciiLetterOrDigit))
        {
            return "What its agent says of it makes no sense.";
        }

        var list = await store.ReadAsync(new StoredName(place, ObjectNames.List(said.Run)), said.Parts * LongestLine, cancellationToken);
        if (list is null)
        {
            return "The list of its objects is missing in the store.";
        }

        if (Convert.ToHexStringLower(SHA256.HashData(list)) != said.ListSha256)
        {
            return "The list of its objects is not the one that its agent wrote.";
        }

        var sizes = Encoding.ASCII.GetString(list).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => long.TryParse(line.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : -1)
            .ToList();
        if (sizes.Count != said.Parts || sizes.Sum() != said.Bytes)
        {
            return "The list of its objects is not what its agent says.";
        }

        var there = (await store.ListAsync(place, cancellationToken)).ToDictionary(one => one.Name.Name, one => one.Bytes);
        for (var number = 0; number < sizes.Count; number++)
        {
            var name = ObjectNames.Part(said.Run, number);
            if (!there.TryGetValue(name, out var bytes) || bytes != sizes[number])
            {
                return $"The object {name} is missing in the store, or is of another size than what was written.";
            }
        }

        return null;
    }

    /// <summary>Removes what other runs left.</summary>
    public async Task KeepOnlyAsync(string place, string run, CancellationToken cancellationToken)
    {
        foreach (var one in await store.ListAsync(place, cancellationToken))
        {
            if (one.Name.Name != Manifest.Name && !one.Name.Name.StartsWith(run + "-", StringComparison.Ordinal))
            {
                await store.DeleteAsync(one.Name, cancellationToken);
            }
        }
    }

    /// <summary>Removes everything, the manifest first: what is half gone is no backup.</summary>
    public async Task DeleteAllAsync(string place, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(Manifest.At(place), cancellationToken);
        foreach (var one in await store.ListAsync(place, cancellationToken))
        {
            await store.DeleteAsync(one.Name, cancellationToken);
        }
    }
}
