using System.Diagnostics;
using System.Globalization;
using Dbaas.Persistence.Rows;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Running;

/// <summary>Instances of a running service, watched closely.</summary>
internal static class Instances
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Asks for an instance and waits for ACTIVE.</summary>
    /// <returns>Its id, and the seconds from before the request to the first answer that says ACTIVE.</returns>
    public static async Task<(string Id, double Seconds)> CreateAsync(
        TroveClient trove, object instance, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var id = await trove.CreateAsync(instance);
        while (watch.Elapsed < Patience)
        {
            var shown = await trove.ShowAsync(id);
            switch ((string?)shown["status"])
            {
                case "ACTIVE":
                    return (id, watch.Elapsed.TotalSeconds);
                case "ERROR":
                    throw new InvalidOperationException($"The instance failed: {shown["fault"]?.ToJsonString()}");
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new TimeoutException($"The instance {id} is not ACTIVE after {Patience.TotalMinutes} minutes.");
    }

    /// <summary>Deletes it and waits until it is gone.</summary>
    public static async Task DeleteAsync(TroveClient trove, string id)
    {
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
    }

    /// <summary>Where the time of its creation went: each step of its history with its seconds.</summary>
    public static async Task<string> StepsAsync(RunningService service, string id, CancellationToken cancellationToken)
    {
        using var database = ControlDatabase.Open(service);
        var history = await database.ReadAsync(unit => HistoryRows.Of(unit, id, 100, null), cancellationToken);
        return string.Join(", ", history.Zip(history.Skip(1), (before, entry) =>
            $"{entry.Step ?? entry.Event} {((entry.At - before.At) / 1000.0).ToString("0.00", CultureInfo.InvariantCulture)}"));
    }

    /// <summary>The option file of its database server.</summary>
    public static string OptionFile(string id) =>
        Directory.EnumerateDirectories("/run/dbaas").Select(service => Path.Combine(service, id, "etc", "server.cnf")).Single(File.Exists);
}
