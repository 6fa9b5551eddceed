using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Servers;

/// <summary>The files of a server.</summary>
internal sealed record ServerFolder(string Path)
{
    public string Record => At("server.json");

    public string PidFile => At("agent.pid");

    /// <summary>The agent's own folder.</summary>
    public string State => At("agent");

    /// <summary>In the agent's folder, because it gives it another name when it is large, from inside an image too.</summary>
    public string Log => System.IO.Path.Combine(State, "agent.log");

    /// <summary>In the agent's folder, because that is seen inside an image too.</summary>
    public string Bootstrap => System.IO.Path.Combine(State, "bootstrap.json");

    /// <summary>Where a server with an image has its root.</summary>
    public string Root => At("root");

    /// <summary>The writable layer over the image, in memory: it holds mount points only.</summary>
    public string Layer => At("layer");

    public ServerRecord? Read() => RecordFile.Read<ServerRecord>(Record);

    /// <summary>For a removal, which a damaged record must not keep from happening: it counts as none.</summary>
    public ServerRecord? ReadIfWhole()
    {
        try
        {
            return Read();
        }
        catch (CloudException)
        {
            return null;
        }
    }

    public void Write(ServerRecord record) => RecordFile.Write(Record, record);

    private string At(string name) => System.IO.Path.Combine(Path, name);
}
