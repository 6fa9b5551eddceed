using System.Text.Json;
using Dbaas.Domain.Guests;

namespace Dbaas.TaskManager.Guests.Releases;

/// <summary>
/// The release of the agent on this node: the published executable, and beside it the file <c>.release.json</c> that publishing wrote. Read
/// when it is needed, so that another release may be put in its place while the service runs; who receives it checks the hash.
/// </summary>
/// <param name="program">The executable; null: none.</param>
public sealed class AgentReleaseFile(string? program)
{
    /// <summary>What the description is called: the executable's name, and this.</summary>
    public const string Suffix = ".release.json";

    /// <summary>The release; null: there is none, or it is not whole.</summary>
    public AgentRelease? Read()
    {
        try
        {
            return program is not null && new FileInfo(program) is { Exists: true, Length: > 0 } file
                && JsonSerializer.Deserialize<Description>(File.ReadAllBytes(program + Suffix), JsonSerializerOptions.Web) is
                { Version.Length: > 0 and <= 255, Sha256.Length: 64 } said
                ? new AgentRelease { Version = said.Version, Sha256 = said.Sha256.ToLowerInvariant(), Size = file.Length }
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>When the release was put there, in Unix milliseconds. Meant for one that <see cref="Read"/> found.</summary>
    public long Published => new DateTimeOffset(File.GetLastWriteTimeUtc(program + Suffix)).ToUnixTimeMilliseconds();

    /// <summary>The executable with this hash; null: this node does not have it.</summary>
    public Stream? Open(string sha256)
    {
        try
        {
            return Read()?.Sha256 == sha256 ? File.OpenRead(program!) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Description(string? Version, string? Sha256);
}
