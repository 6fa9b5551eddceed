using System.Diagnostics;

namespace Dbaas.Libvirt.Tier;

/// <summary>What <c>./dbaas test --vm</c> has put up around the tests.</summary>
internal static class Lab
{
    /// <summary>Removed behind the tests.</summary>
    public static string Folder => Given("DBAAS_LAB");

    /// <summary>The guest image's disk; kernel and initrd are beside it.</summary>
    public static string Image => Given("DBAAS_GUEST_IMAGE");

    /// <summary>A program of the machine, to its end.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {output}");
    }

    /// <summary>A disk with nothing to start from: a machine that only has power.</summary>
    public static async Task<string> EmptyImageAsync()
    {
        var path = Path.Combine(Folder, "empty.qcow2");
        await RunAsync("qemu-img", "create", "-q", "-f", "qcow2", path, "64M");
        return path;
    }

    private static string Given(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: run ./dbaas test --vm.");
}
