using System.Diagnostics;
using Dbaas.Benchmarks.Reporting;

namespace Dbaas.Benchmarks.Scale;

/// <summary>How long it takes from the answer to a request until the agent has its command, at a steady pace of requests.</summary>
internal static class FirstCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <returns>Seconds of each, and how many requests were refused.</returns>
    public static async Task<(Samples Seconds, int Refused)> MeasureAsync(
        Plane plane, int perSecond, int count, CancellationToken cancellationToken)
    {
        var targets = plane.Agents.Select(agent => agent.InstanceId).OrderBy(_ => Random.Shared.Next()).Take(count).ToList();
        var began = Stopwatch.StartNew();
        var requests = new List<Task<(string Id, long At)?>>();
        foreach (var (index, id) in targets.Index())
        {
            var due = TimeSpan.FromSeconds((double)index / perSecond) - began.Elapsed;
            await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero, cancellationToken);
            requests.Add(RestartAsync(plane, id));
        }

        var accepted = (await Task.WhenAll(requests)).OfType<(string Id, long At)>().ToList();
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            var commands = await plane.CommandsAsync();
            if (accepted.All(one => commands.ContainsKey(one.Id)))
            {
                var seconds = new Samples();
                accepted.ForEach(one => seconds.Add(Math.Max(0, Stopwatch.GetElapsedTime(one.At, commands[one.Id]).TotalSeconds)));
                return (seconds, targets.Count - accepted.Count);
            }

            if (deadline.Elapsed > Patience)
            {
                throw new TimeoutException($"{accepted.Count(one => !commands.ContainsKey(one.Id))} commands did not come.");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private static async Task<(string Id, long At)?> RestartAsync(Plane plane, string id)
    {
        var (status, _) = await plane.Trove.SendAsync(HttpMethod.Post, $"instances/{id}/action", new { restart = new { } });
        return status == StatusCodes.Status202Accepted ? (id, Stopwatch.GetTimestamp()) : null;
    }
}
