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
    /// <summary>
    /// What an agent was given an address for may still come for so long: an address is good for five minutes, and an upload ends within
    /// two.
    /// </summary>
    public static readonly TimeSpan LateFor = TimeSpan.FromMinutes(10);

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
            if (there.GetValueOrDefault(name, -1) != sizes[number]
                && await store.SizeAsync(new StoredName(place, name), cancellationToken) != sizes[number])
            {
                return $"The object {name} is missing in the store, or is of another size than what was written.";
            }
        }

        return null;
    }

    /// <summary>Removes what other runs left, and what is not whole.</summary>
    public async Task KeepOnlyAsync(string place, ObjectList kept, CancellationToken cancellationToken)
    {
        var names = NamesOf(kept).Append(Manifest.Name).ToHashSet();
        var there = (await store.ListAsync(place, cancellationToken)).Select(one => one.Name.Name);
        await DeleteAsync(place, there.Where(name => !names.Contains(name)), cancellationToken);
    }

    /// <summary>Removes everything, the manifest first: what is half gone is no backup.</summary>
    /// <param name="place">Where.</param>
    /// <param name="known">What is there for sure, whether or not a list shows it already; null: not known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task DeleteAllAsync(string place, ObjectList? known, CancellationToken cancellationToken)
    {
        await store.DeleteAsync(Manifest.At(place), cancellationToken);
        var there = (await store.ListAsync(place, cancellationToken)).Select(one => one.Name.Name);
        await DeleteAsync(place, known is null ? there : there.Union(NamesOf(known)), cancellationToken);
    }

    private static IEnumerable<string> NamesOf(ObjectList list) =>
        Enumerable.Range(0, list.Parts).Select(number => ObjectNames.Part(list.Run, number)).Append(ObjectNames.List(list.Run));

    private async Task DeleteAsync(string place, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            await store.DeleteAsync(new StoredName(place, name), cancellationToken);
        }
    }
}
