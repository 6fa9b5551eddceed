using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>The option file on the disk.</summary>
internal sealed class ServerOptions(Flavor flavor, DatastoreHost host, ServerLayout layout, MemberStore member)
{
    private const UnixFileMode ReadableByAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly Lock _gate = new();

    /// <summary>Makes it what the records say; untouched when nothing changed.</summary>
    public void Write()
    {
        // A job may come beside a call: whoever writes last has read last.
        lock (_gate)
        {
            var text = OptionFile.Render(
                flavor, layout, InputOf(member.Settings ?? throw Faults.Precondition("This instance was not prepared.")));
            if (!File.Exists(layout.OptionFile) || File.ReadAllText(layout.OptionFile) != text)
            {
                AtomicFile.Write(layout.OptionFile, Encoding.UTF8.GetBytes(text), ReadableByAll);
            }
        }
    }

    /// <summary>What a server would be started with if its settings were these.</summary>
    public IReadOnlyDictionary<string, string> Of(ServerSettings settings) => OptionFile.Values(flavor, layout, InputOf(settings));

    private OptionFile.Input InputOf(ServerSettings settings) => new(
        host.Address, host.UserAddresses, host.Port, host.MemoryMb, host.Cpus, settings, member.State, member.KeptLog is not null)
    {
        Logs = member.EnabledLogs,
    };
}
