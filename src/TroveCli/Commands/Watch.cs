using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Commands;

/// <summary>
/// Looks at something of the service until it is as it should be, and shows how far it is. The service may restart meanwhile.
/// </summary>
internal sealed class Watch(Call call, Watched what, TimeSpan timeout)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly long start = call.Clock.GetTimestamp();
    private Sight seen = new("not seen yet");

    public TimeSpan Elapsed => call.Clock.GetElapsedTime(start);

    /// <returns>It, or null when there is none any more.</returns>
    public Task<JsonNode?> UntilAsync(Func<JsonNode, bool> over) =>
        new Progress(call.Terminal, Visible.Text(what.Name)).RunAsync(show => LookAsync(over, show));

    private async Task<JsonNode?> LookAsync(Func<JsonNode, bool> over, Action<Sight, TimeSpan> show)
    {
        while (true)
        {
            var pause = Pause;
            try
            {
                var one = await call.Api.GetAsync(what.Path, what.Key, call.Stop);
                seen = what.Describe(one);
                show(seen, Elapsed);
                if (over(one))
                {
                    return one;
                }
            }
            catch (ApiException e) when (e.Status == 404)
            {
                return null;
            }
            catch (TroveException e) when (IsPassing(e))
            {
                show(new Sight($"no answer at the moment: {e.Message}"), Elapsed);
                pause = (e as ApiException)?.RetryAfter is { } asked && asked > Pause ? asked : Pause;
            }

            if (Elapsed > timeout)
            {
                throw new TroveException(
                    $"{what.Name} is not done after {Duration.Text(timeout)}; last seen: {seen}. It goes on: `{what.Command}`.");
            }

            await Task.Delay(pause, call.Clock, call.Stop);
        }
    }

    /// <summary>A service that restarts or asks to slow down says nothing about the operation.</summary>
    public static bool IsPassing(TroveException e) =>
        e is UnreachableException or ApiException { Status: 413 or 429 or 502 or 503 or 504 };
}

/// <summary>What is looked at.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Key">What it is in, in the answer.</param>
/// <param name="Name">As users call it.</param>
/// <param name="Command">Shows it later.</param>
/// <param name="Describe">How far it is.</param>
internal sealed record Watched(string Path, string Key, string Name, string Command, Func<JsonNode, Sight> Describe);
