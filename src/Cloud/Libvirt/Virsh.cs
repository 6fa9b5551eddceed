using System.Xml.Linq;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;

namespace Dbaas.Cloud.Libvirt;

/// <summary>Calls of libvirt, by its own client program. What is defined goes by standard input.</summary>
internal sealed class Virsh(string uri)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>For what moves an image.</summary>
    private static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(15);

    // As libvirt says it; with the class of the message in front, so that it is about the thing itself.
    private static readonly string[] NotFound =
    [
        "Domain not found", "Storage volume not found", "Storage pool not found", "Network not found", "Network filter not found",
    ];

    /// <summary>Calls; a refusal is a fault.</summary>
    public async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string input = "") =>
        await FindAsync(arguments, cancellationToken, input)
        ?? throw new CloudException($"libvirt does not know what {arguments.First()} is about: {string.Join(' ', arguments.Skip(1))}.", isTransient: true);

    /// <summary>Calls; null when what it is about does not exist.</summary>
    public async Task<string?> FindAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string input = "")
    {
        var (output, error) = await TryAsync(arguments, cancellationToken, input);
        return error is null ? output
            : NotFound.Any(text => error.Contains(text, StringComparison.Ordinal)) ? null
            : throw Refused(arguments, error);
    }

    /// <summary>Calls; says what was wrong.</summary>
    public async Task<(string Output, string? Error)> TryAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, string input = "")
    {
        var result = await HostCommand.TryAsync("virsh", ["-q", "-c", uri, .. arguments], cancellationToken, input, Limit);
        return (result.StandardOutput, result.Success ? null : result.StandardError.Trim());
    }

    /// <summary>Calls for what takes long.</summary>
    public async Task RunLongAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var result = await HostCommand.TryAsync("virsh", ["-q", "-c", uri, .. arguments], cancellationToken, limit: LongLimit);
        if (!result.Success)
        {
            throw Refused(arguments, result.StandardError.Trim());
        }
    }

    /// <summary>Calls for a description; null when what it is about does not exist.</summary>
    public async Task<XElement?> FindXmlAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        await FindAsync(arguments, cancellationToken) is { } text ? XElement.Parse(text) : null;

    public Task DefineAsync(string verb, XElement description, CancellationToken cancellationToken) =>
        RunAsync([verb, "/dev/stdin"], cancellationToken, description.ToString());

    /// <summary>The names that a list shows, one a line.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        (await RunAsync(arguments, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static CloudException Refused(IEnumerable<string> arguments, string error) =>
        new($"libvirt refused {arguments.First()}: {error.Replace("error: ", "", StringComparison.Ordinal).ReplaceLineEndings(" ")}", isTransient: true);
}
