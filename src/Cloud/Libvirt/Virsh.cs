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

    // What virsh says of something that it cannot find, for whatever reason; and the list that tells whether it is not there.
    private static readonly (string Complaint, string[] List)[] Missing =
    [
        ("failed to get domain", ["list", "--all", "--name"]),
        ("failed to get vol", ["vol-list"]),
        ("failed to get pool", ["pool-list", "--all", "--name"]),
        ("failed to get network", ["net-list", "--all", "--name"]),
        ("failed to get nwfilter", ["nwfilter-list"]),
    ];

    /// <summary>Calls; a refusal is a fault.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken, string input = "") =>
        await FindAsync(arguments, cancellationToken, input)
        ?? throw new CloudException(
            $"libvirt does not know what {arguments[0]} is about.", isTransient: true, details: string.Join(' ', arguments));

    /// <summary>Calls; null when what it is about (the first word behind the verb) does not exist.</summary>
    public async Task<string?> FindAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken, string input = "")
    {
        var (output, error) = await TryAsync(arguments, cancellationToken, input);
        if (error is null)
        {
            return output;
        }

        var list = Missing.FirstOrDefault(missing => error.Contains(missing.Complaint, StringComparison.Ordinal)).List;
        return list is not null && await IsAbsentAsync(list, arguments, cancellationToken) ? null : throw Refused(arguments, error);
    }

    /// <summary>Calls; says what was wrong.</summary>
    public async Task<(string Output, string? Error)> TryAsync(
        IEnumerable<string> arguments, CancellationToken cancellationToken, string input = "")
    {
        var result = await HostCommand.TryAsync("virsh", ["-q", "-c", uri, .. arguments], cancellationToken, input, Limit);
        return (result.StandardOutput, result.IsSuccess ? null : result.StandardError.Trim());
    }

    /// <summary>Calls for what takes long.</summary>
    public async Task RunLongAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var result = await HostCommand.TryAsync("virsh", ["-q", "-c", uri, .. arguments], cancellationToken, limit: LongLimit);
        if (!result.IsSuccess)
        {
            throw Refused(arguments, result.StandardError.Trim());
        }
    }

    /// <summary>Calls for a description; null when what it is about does not exist.</summary>
    public async Task<XElement?> FindXmlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        await FindAsync(arguments, cancellationToken) is { } text ? XElement.Parse(text) : null;

    public Task DefineAsync(string verb, XElement description, CancellationToken cancellationToken) =>
        RunAsync([verb, "/dev/stdin"], cancellationToken, description.ToString());

    /// <summary>The names that a list shows, one a line.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        (await RunAsync(arguments, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>
    /// virsh forgets why it did not find something: a connection that broke looks the same as what is not there. The list tells them apart.
    /// </summary>
    private async Task<bool> IsAbsentAsync(string[] list, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var pool = arguments.SkipWhile(argument => argument != "--pool").Skip(1).Take(1);
        var lines = await NamesAsync([.. list, .. pool], cancellationToken);
        return !lines.Any(line => line.Split(' ').Contains(arguments[1]));
    }

    private static CloudException Refused(IEnumerable<string> arguments, string error) =>
        new($"libvirt refused {arguments.First()}.", isTransient: true, details: error);
}
