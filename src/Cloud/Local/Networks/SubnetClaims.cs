using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Local.Host;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>
/// The subnets of all services of this machine. A service has a bridge to show for its subnet only while it runs; after a restart of the
/// machine another would take the address range, and its servers could not come back. So each leaves word where its record is.
/// </summary>
/// <remarks>Its callers hold the machine's lock.</remarks>
internal sealed class SubnetClaims(PlanePaths paths)
{
    private string Own => Path.Combine(PlanePaths.SharedServices, paths.Hash + ".json");

    /// <summary>What the others recorded. Words of services that were removed by hand are removed.</summary>
    public IReadOnlyList<Subnet> OfOthers()
    {
        if (!Directory.Exists(PlanePaths.SharedServices))
        {
            return [];
        }

        var subnets = new List<Subnet>();
        foreach (var file in Directory.EnumerateFiles(PlanePaths.SharedServices, "*.json").Where(file => file != Own))
        {
            if (RecordFile.Read<Claim>(file) is { } claim && RecordFile.Read<PlaneRecord>(claim.Record) is { } record)
            {
                subnets.Add(Subnet.Parse(record.Subnet));
            }
            else
            {
                File.Delete(file);
            }
        }

        return subnets;
    }

    /// <summary>From here on others see this service's record, once it is written.</summary>
    public void Make()
    {
        Folders.MakePrivate(PlanePaths.SharedServices);
        RecordFile.Write(Own, new Claim(paths.Plane));
    }

    /// <summary>Also on a machine where no service has ever claimed anything.</summary>
    public void Drop()
    {
        if (File.Exists(Own))
        {
            File.Delete(Own);
        }
    }

    private sealed record Claim(string Record);
}
