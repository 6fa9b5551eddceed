using System.Security.Cryptography;
using Dbaas.GuestAgent.Processes;

namespace Dbaas.GuestAgent.Tests;

public sealed class RestingMemoryTests
{
    [Fact]
    public void Giving_memory_back_makes_the_process_smaller_and_leaves_it_as_it_was()
    {
        var before = FileBackedKilobytes();
        var hash = SHA256.HashData("x"u8);

        RestingMemory.GiveBack();

        Assert.True(FileBackedKilobytes() < before, $"It was {before} kB and did not shrink.");
        Assert.Equal(hash, SHA256.HashData("x"u8));
    }

    private static long FileBackedKilobytes() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("RssFile", StringComparison.Ordinal)).Split(' ', '\t')[^2]);
}
