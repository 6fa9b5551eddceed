using System.Globalization;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>The machine and this very process, as the kernel tells.</summary>
/// <param name="bootstrap">What the plane lets the server have: on a machine that others use too it is less than the machine.</param>
/// <param name="processFolder"><c>/proc</c>.</param>
internal sealed class SelfLook(GuestBootstrap bootstrap, string processFolder = "/proc")
{
    public HardwareInfo Hardware() => new(
        Math.Min(Figures("meminfo")["MemTotal"], bootstrap.MemoryMb * 1024L), Math.Min(Environment.ProcessorCount, bootstrap.Cpus));

    public AgentDiagnostics Diagnostics()
    {
        var own = Figures("self/status");
        return new AgentDiagnostics
        {
            Version = AgentVersion.Text,
            Threads = own["Threads"],
            FdSize = own["FDSize"],
            VmSize = own["VmSize"],
            VmPeak = own["VmPeak"],
            VmRss = own["VmRSS"],
            VmHwm = own["VmHWM"],
        };
    }

    // "Name:   12345 kB"; lines that hold no number are of no interest.
    private Dictionary<string, long> Figures(string file)
    {
        Dictionary<string, long> figures = [];
        foreach (var line in File.ReadLines(Path.Combine(processFolder, file)))
        {
            var words = line.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                figures[words[0]] = number;
            }
        }

        return figures;
    }
}
