using System.Globalization;
using System.Text.Json.Serialization;

namespace Dbaas.GuestProtocol.Channel;

/// <summary>What is to be done with an object.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ObjectAccess>))]
public enum ObjectAccess
{
    /// <summary>Not said.</summary>
    Unknown,

    /// <summary>Written, once.</summary>
    Write,

    /// <summary>Read.</summary>
    Read,
}

/// <summary>
/// An agent that works on a command asks where the objects are that the command is about. While the command is unanswered it is the
/// permission; nothing else is. Since protocol version 3.
/// </summary>
/// <param name="CommandId">The command.</param>
/// <param name="BackupId">Which of the backups that the command names.</param>
/// <param name="Access">What for.</param>
/// <param name="Names">Which objects, by <see cref="ObjectNames"/>; 64 at most.</param>
public sealed record ObjectRequest(string CommandId, string BackupId, ObjectAccess Access, IReadOnlyList<string> Names);

/// <summary>Where the objects are, in the order asked for.</summary>
/// <param name="Places">One for each name.</param>
public sealed record ObjectAnswer(IReadOnlyList<ObjectPlace> Places);

/// <summary>An address that does one thing with one object, without any other credential, for a quarter of an hour at most.</summary>
/// <param name="Url">Where. A path alone is on the gateway that answered.</param>
/// <param name="Headers">To be sent along. In their values, <c>{sha256}</c> stands for the hash of what is written, in lower case
/// hexadecimal digits, <c>{sha256-base64}</c> for the same in base 64.</param>
public sealed record ObjectPlace(string Url, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Never the address: who has it, may.</summary>
    public override string ToString() => "an object";
}

/// <summary>The names of a backup's objects, below the backup's own place.</summary>
public static class ObjectNames
{
    /// <summary>The most characters that the name of a run has: letters and digits.</summary>
    public const int LongestRun = 40;

    /// <summary>The most bytes of a line of the list: 8 digits, a blank, 64 digits, and its end.</summary>
    public const int LongestListLine = 74;

    private const int PartDigits = 8;

    /// <summary>A part, counted from 0.</summary>
    public static string Part(string run, int number) => string.Create(CultureInfo.InvariantCulture, $"{run}-{number:D8}");

    /// <summary>An object and, if it is a part, those that come behind it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="most">No more names than this.</param>
    public static IReadOnlyList<string> From(string name, int most)
    {
        var dash = name.LastIndexOf('-');
        return dash == name.Length - PartDigits - 1
            && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? [.. Enumerable.Range(number, most).Select(next => Part(name[..dash], next))]
            : [name];
    }

    /// <summary>
    /// The list of the parts: for each a line with size in bytes, a blank, and SHA-256 in lower case hexadecimal digits.
    /// </summary>
    public static string List(string run) => $"{run}-list";
}
