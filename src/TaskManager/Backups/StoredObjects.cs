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
    private const int MostParts = int.MaxValue / ObjectNames.LongestListLine;

    /// <summary>Compares what an agent says it wrote with what is there. The agent is not trusted, and stores lose things.</summary>
    /// <returns>What is wrong; null: nothing is.</returns>
    public async Task<string?> CheckAsync(string place, ObjectList said, CancellationToken cancellationToken)
    {
        if (said is not { Parts: > 0 and <= MostParts, Run.Length: > 0 and <= ObjectNames.LongestRun }
            || !said.Run.All(char.IsAsciiLetterOrDigit))
        {
            return "What its agent says of it makes no sense.";
        }

        var limit = said.Parts * ObjectNames.LongestListLine;
        var list = await store.ReadAsync(new StoredName(place, ObjectNames.List(said.Run)), limit, cancellationToken);
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

    /// <summary>Removes what other runs left, and what is not whole.</summary>
    public async Task KeepOnlyAsync(string place, ObjectList kept, CancellationToken cancellationToken)
    {
        var names = Enumerable.Range(0, kept.Parts).Select(number => ObjectNames.Part(kept.Run, number))
            .Append(ObjectNames.List(kept.Run)).Append(Manifest.Name).ToHashSet();
        foreach (var one in await store.ListAsync(place, cancellationToken))
        {
            if (!names.Contains(one.Name.Name))
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
