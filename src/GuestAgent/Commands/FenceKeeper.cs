using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Commands;

/// <summary>The highest fence ever seen, on disk before any command that carries it is acted on.</summary>
internal sealed class FenceKeeper
{
    private readonly string path;
    private readonly Lock gate = new();
    private Fence highest;

    public FenceKeeper(string folder)
    {
        path = Path.Combine(folder, "fence.json");
        highest = PrivateFile.ReadJson<Kept>(path)?.Highest ?? default;
    }

    public Fence Highest
    {
        get
        {
            lock (gate)
            {
                return highest;
            }
        }
    }

    public void Raise(Fence seen)
    {
        lock (gate)
        {
            if (seen > highest)
            {
                PrivateFile.WriteJson(path, new Kept(seen));
                highest = seen;
            }
        }
    }

    private sealed record Kept(Fence Highest);
}
