using System.Diagnostics;
using System.Globalization;
using Dbaas.Datastores.MySql.Replication;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Replication;

public sealed class WriteBehindTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-write-behind");

    private string Target => Path.Combine(folder.FullName, "below", "table.ibd");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_fed_arrives_whole_while_files_below_the_folder_are_written_to_disk()
    {
        var data = new byte[50_000_001];
        new Random(1).NextBytes(data);
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        var disk = new WriteBehind(folder.FullName);
        await using (var file = new FileStream(Target, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            await disk.CopyAsync(new MemoryStream(data), file, TestContext.Current.CancellationToken);
        }

        disk.Finish();

        Assert.Equal(data, await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken));
    }

    /// <summary>And nothing else is looked at: there may be ten thousand other tables.</summary>
    [Fact]
    public async Task What_is_unpacked_leaves_memory_while_more_arrives()
    {
        const int Megabyte = 1 << 20;
        var from = folder.CreateSubdirectory("from").FullName;
        await File.WriteAllBytesAsync(Path.Combine(from, "table.ibd"), new byte[120 * Megabyte], TestContext.Current.CancellationToken);
        var to = folder.CreateSubdirectory("to").FullName;
        await using var volume = await SmallFileSystem.MakeAsync(to, 300);
        var other = Path.Combine(to, "other.ibd");
        await File.WriteAllBytesAsync(other, new byte[20 * Megabyte], TestContext.Current.CancellationToken);
        using var packing = Run("mbstream", "-c", "-C", from, "table.ibd");
        using var unpacking = Run("mbstream", "-x", "-C", to);

        await new WriteBehind(to).CopyAsync(
            packing.StandardOutput.BaseStream, unpacking.StandardInput.BaseStream, TestContext.Current.CancellationToken);
        unpacking.StandardInput.Close();
        await unpacking.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(120 * Megabyte, new FileInfo(Path.Combine(to, "table.ibd")).Length);
        Assert.InRange(await InMemoryAsync(Path.Combine(to, "table.ibd")), 0, 60 * Megabyte);
        Assert.InRange(await InMemoryAsync(other), 10 * Megabyte, 20 * Megabyte);
    }

    [Fact]
    public void A_folder_without_any_file_is_finished_as_well() => new WriteBehind(folder.FullName).Finish();

    private static async Task<long> InMemoryAsync(string path)
    {
        using var tool = Run("fincore", "--bytes", "--noheadings", "--output", "RES", path);
        return long.Parse(await tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
    }

    private static Process Run(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
