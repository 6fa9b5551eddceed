using Dbaas.Datastores.MySql.Replication;

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

    [Fact]
    public void A_folder_without_any_file_is_finished_as_well() => new WriteBehind(folder.FullName).Finish();
}
