using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Machine;

/// <summary>
/// The bootstrap document of a machine of its own: from the first source that has one. What was found is kept, for a start at which none
/// has.
/// </summary>
internal sealed class MachineBootstrap(
    IReadOnlyList<IBootstrapSource> sources, string keptPath, MachineDefaults defaults, TimeProvider time, Action<string> log)
{
    /// <summary>Waits for as long as it takes.</summary>
    public async Task<GuestBootstrap> FindAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time, Random.Shared.NextDouble);
        IReadOnlyList<IBootstrapSource> all = [.. sources, new FileSource("what was found the last time", keptPath)];
        while (true)
        {
            foreach (var source in all)
            {
                if (await TryAsync(source, cancellationToken) is { } found)
                {
                    log($"The bootstrap document comes from {source.Name}.");
                    return found;
                }
            }

            log($"Waiting for a bootstrap document: neither {string.Join(" nor ", all.Select(source => source.Name))} has one.");
            await backoff.PauseAsync(cancellationToken);
        }
    }

    private async Task<GuestBootstrap?> TryAsync(IBootstrapSource source, CancellationToken cancellationToken)
    {
        try
        {
            if (await source.ReadAsync(cancellationToken) is not { } content)
            {
                return null;
            }

            if (!content.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            {
                // For cloud-init, which then puts the document where the file source finds it.
                log($"What {source.Name} has is no bootstrap document.");
                return null;
            }

            var document = (JsonObject)JsonNode.Parse(content)!;
            var bootstrap = defaults.Complete(document).Deserialize(ProtocolJson.Of<GuestBootstrap>())!;
            Keep(content);
            return bootstrap;
        }
        catch (JsonException e)
        {
            // Where and what is missing, never the content: it holds a secret.
            log($"The bootstrap document of {source.Name} cannot be read (line {e.LineNumber}, {e.Path ?? "a required field"}).");
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log($"No answer from {source.Name}: {e.Message}");
            return null;
        }
    }

    private void Keep(byte[] content)
    {
        PrivateFile.EnsureFolder(Path.GetDirectoryName(keptPath)!);
        if (!File.Exists(keptPath) || !content.AsSpan().SequenceEqual(File.ReadAllBytes(keptPath)))
        {
            PrivateFile.Write(keptPath, content);
        }
    }
}
