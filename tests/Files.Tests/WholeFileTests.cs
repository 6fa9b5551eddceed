using System.Diagnostics;
using System.Text;

namespace Dbaas.Files.Tests;

/// <summary>A file is whole at any moment: what it was, or what it is to be.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbaas-files-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "record");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_written_is_there_for_its_owner_only_and_nothing_is_left_beside_it()
    {
        Write("first");
        Write("second");

        Assert.Equal("second", File.ReadAllText(Path));
        Assert.Equal(WholeFile.OwnerOnly, File.GetUnixFileMode(Path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void What_a_cut_off_write_left_is_not_written_into()
    {
        File.WriteAllText(Path + ".new", "half of something, and longer than what comes");
        File.SetUnixFileMode(Path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Write("secret");

        Assert.Equal("secret", File.ReadAllText(Path));
        Assert.Equal(WholeFile.OwnerOnly, File.GetUnixFileMode(Path));
    }

    [Fact]
    public async Task Who_looks_at_any_moment_sees_all_of_one_content()
    {
        var contents = new[] { new string('a', 200_000), new string('b', 100_000) };
        Write(contents[0]);
        using var end = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (var i = 1; !end.IsCancellationRequested; i++)
                {
                    Write(contents[i % 2]);
                }
            },
            TestContext.Current.CancellationToken);

        var seen = new HashSet<string>();
        var start = Stopwatch.GetTimestamp();
        while (seen.Count < 2 && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
        {
            seen.Add(await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        }

        await end.CancelAsync();
        await writer.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(contents.Order(), seen.Order());
    }

    [Fact]
    public void A_write_that_fails_before_its_end_changes_nothing()
    {
        Write("first");

        Assert.Throws<IOException>(
            () => WholeFile.Write(Path, "second"u8, beforeItHasItsName: _ => throw new IOException("No space left on device")));

        Assert.Equal("first", File.ReadAllText(Path));
    }

    [Fact]
    public async Task Of_several_first_ones_one_is_kept()
    {
        Assert.True(WholeFile.WriteFirst(Path, "mine"u8));

        Assert.False(WholeFile.WriteFirst(Path, "yours"u8));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
        Assert.Equal(WholeFile.OwnerOnly, File.GetUnixFileMode(Path));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void A_first_one_that_cannot_be_had_leaves_nothing_beside_its_place()
    {
        Directory.CreateDirectory(Path);

        Assert.Throws<IOException>(() => WholeFile.WriteFirst(Path, "a key"u8));

        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var fault = Assert.Throws<IOException>(() => Folder.Flush("/no/such folder"));

        Assert.Equal("The folder /no/such folder cannot be opened: No such file or directory", fault.Message);
    }

    private void Write(string content) => WholeFile.Write(Path, Encoding.UTF8.GetBytes(content));
}
