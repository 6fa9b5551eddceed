using System.Diagnostics;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;

namespace Dbaas.OpenStack.Tier;

/// <summary>The processes of the lab's cloud.</summary>
internal static class LabServices
{
    // What the services of every cloud take for granted.
    private static readonly string[] Ground = ["mariadb", "rabbit", "memcached"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>kill -9, with all children: Keystone, Nova and its compute services, Neutron, Cinder, Glance, Placement.</summary>
    public static async Task KillAllAsync()
    {
        foreach (var file in Directory.GetFiles(Lab.RunFolder, "*.pid").Where(IsService))
        {
            var process = (await File.ReadAllTextAsync(file)).Split(' ')[0];
            await Tool.TryAsync("kill", "-9", "--", "-" + process);
            await Eventually.HoldsAsync(
                $"{Path.GetFileName(file)}'s process is gone", Patience, () => !Directory.Exists("/proc/" + process));
        }
    }

    /// <summary>As they were started.</summary>
    public static async Task StartAllAsync()
    {
        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(Repository.Root, "tests", "openstack", "up.sh"), [Lab.Folder, "--once"]) { RedirectStandardOutput = true })!;
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The lab did not start again: {process.ExitCode}.");
        }
    }

    private static bool IsService(string file) =>
        Path.GetFileNameWithoutExtension(file) is var name
            && !Ground.Contains(name)
            && !name.StartsWith("guest-", StringComparison.Ordinal);
}
