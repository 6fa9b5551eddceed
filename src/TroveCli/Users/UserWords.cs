using System.Text;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Users;

/// <summary>Users from --users and --users-file, with passwords from the command line, a file, or a prompt.</summary>
internal static class UserWords
{
    private const string StandardInput = "-";

    public static List<UserWord> Read(Call call, string[] words, string? file)
    {
        var users = words.Select(word => Parse(word) ?? new UserWord(word, Ask(call, word))).ToList();
        if (file is not null)
        {
            users.AddRange(FromFile(call, file));
        }

        return users;
    }

    /// <summary>A password that is not on the command line.</summary>
    public static string Ask(Call call, string name) => call.Terminal.AskSecret is { } ask
        ? ask($"Password of {name}: ")
        : throw new UsageException(
            $"The password of '{name}' is missing and nobody can be asked: input is not a terminal. Use {name}:password, or "
                + "--users-file -.");

    public static JsonArray Named(IEnumerable<string> names) =>
        new([.. names.Select(name => (JsonNode)new JsonObject { ["name"] = name })]);

    private static IEnumerable<UserWord> FromFile(Call call, string file)
    {
        var number = 0;
        foreach (var line in Lines(call, file))
        {
            number++;
            if (line.Length > 0)
            {
                yield return Parse(line) ?? throw new UsageException($"--users-file: line {number} is not name:password.");
            }
        }
    }

    private static List<string> Lines(Call call, string file)
    {
        try
        {
            using var opened = file == StandardInput ? null : new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
            var reader = opened ?? call.Terminal.In;
            var lines = new List<string>();
            while (reader.ReadLine() is { } line)
            {
                lines.Add(line);
            }

            return lines;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            // Not the exception's own message: a decoder quotes the bytes, which may be a password.
            throw new UsageException(e is DecoderFallbackException ? "--users-file is not UTF-8." : $"--users-file: {e.Message}");
        }
    }

    /// <summary>The name ends at the first colon; a password may hold more of them.</summary>
    private static UserWord? Parse(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new UserWord(word[..colon], word[(colon + 1)..]);
    }
}
