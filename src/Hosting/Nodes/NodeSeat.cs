using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dbaas.Domain.Nodes;
using Dbaas.Hosting.Configuration;

namespace Dbaas.Hosting.Nodes;

/// <summary>
/// The place of one node in a state folder, held while the node runs. Who sits there knows that whoever sat there before is gone, and need
/// not wait until the database takes it for dead.
/// </summary>
public sealed partial class NodeSeat : IDisposable
{
    private const int MostBytes = 36;
    private readonly FileStream file;

    private NodeSeat(string program, string name, FileStream file, string id) =>
        (Program, Name, this.file, Id) = (program, name, file, id);

    /// <summary>One of <see cref="Programs"/>.</summary>
    public string Program { get; }

    /// <summary>The node's name.</summary>
    public string Name { get; }

    /// <summary>The same at each start, and no other place's.</summary>
    public string Id { get; }

    /// <exception cref="IOException">A node of this name runs from this state folder.</exception>
    /// <exception cref="InvalidDataException">The name is none.</exception>
    public static NodeSeat Take(ServiceSettings settings, string program)
    {
        var (name, folder) = (settings.NodeName, Path.Combine(settings.Home, "nodes"));
        if (!Fitting().IsMatch(name))
        {
            throw new InvalidDataException("NodeName must have 1 to 100 letters, digits, dots, dashes and underscores.");
        }

        Directory.CreateDirectory(folder);
        FileStream file;
        try
        {
            file = new FileStream(
                Path.Combine(folder, $"{program}.{name}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"A {program} of the name {name} runs already with the state folder {settings.Home}.", e);
        }

        var written = new byte[MostBytes];
        var id = Encoding.ASCII.GetString(written, 0, file.ReadAtLeast(written, MostBytes, throwOnEndOfStream: false));
        if (id.Length < MostBytes)
        {
            // A start that was cut off here leaves a place nobody knew.
            id = RandomNumberGenerator.GetHexString(MostBytes, lowercase: true);
            file.Position = 0;
            file.Write(Encoding.ASCII.GetBytes(id));
            file.Flush(flushToDisk: true);
        }

        return new NodeSeat(program, name, file, id);
    }

    public void Dispose() => file.Dispose();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex Fitting();
}
