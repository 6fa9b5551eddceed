using System.Text;
using Dbaas.GuestAgent.Machine;
using Dbaas.GuestAgent.Tests.Fakes;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Where an agent on a machine of its own gets its document from.</summary>
public sealed class MachineBootstrapTests : IDisposable
{
    private const string Document = """
        {"instance_id":"one","datastore":"mariadb","gateway_urls":["https://192.0.2.1"],"ca_certificates":"x","enrolment_secret":"s3cret",
         "address":"192.0.2.7","port":3306,"volume_id":"abc"}
        """;

    private readonly TempFolder _folder = new();
    private readonly List<string> _log = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Kept => Path.Combine(_folder.Path, "state", "bootstrap.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_source_that_has_a_document_is_taken_and_what_it_leaves_out_comes_from_the_machine()
    {
        var found = await FindAsync(
            new Source((object?)null), new Source(Document), new Source(Document.Replace("one", "two", StringComparison.Ordinal)));

        Assert.Equal(("one", "abc"), (found.InstanceId, found.VolumeId));
        Assert.Equal(
            (MachineDefaults.VolumePath, MachineDefaults.StatePath, 900), (found.VolumePath, found.StatePath, found.DatabaseUserId));
        Assert.Equal((2000, 3), (found.MemoryMb, found.Cpus));
    }

    [Fact]
    public async Task It_waits_for_a_source_that_has_none_yet_or_does_not_answer()
    {
        var found = await FindAsync(
            new Source(null, null, Document), new Source(new IOException("away"), new IOException("away"), new IOException("away")));

        Assert.Equal("one", found.InstanceId);
        Assert.Contains(_log, line => line.StartsWith("Waiting for a bootstrap document", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_meant_for_cloud_init_is_no_document()
    {
        var found = await FindAsync(new Source("#cloud-config\nwrite_files: []"), new Source(Document));

        Assert.Equal("one", found.InstanceId);
    }

    [Fact]
    public async Task A_later_start_does_without_the_source()
    {
        await FindAsync(new Source(Document));

        var found = await FindAsync(new Source(new IOException("away")));

        Assert.Equal("one", found.InstanceId);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
    }

    [Fact]
    public async Task A_document_that_lacks_something_is_not_taken_and_its_secret_not_logged()
    {
        var found = await FindAsync(new Source("""{"enrolment_secret":"s3cret","instance_id":1}"""), new Source("""{"enrolment_secret":"s3cret","""), new Source(Document));

        Assert.Equal("one", found.InstanceId);
        Assert.DoesNotContain(_log, line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_disk_is_found_by_its_serial_or_as_much_of_the_id_as_a_serial_holds()
    {
        Disk("vda", "serial", "0123456789abcdefghij");
        Disk("sdb", Path.Combine("device", "vpd_pg80"), "\0\u0080\0\u000efull-length-id");
        Disk("vdc", "serial", "");
        var devices = new BlockDevices(Path.Combine(_folder.Path, "block"));

        Assert.Equal("/dev/vda", devices.Find("0123456789abcdefghijklmnopq")?.Path);
        Assert.Equal("/dev/sdb", devices.Find("full-length-id")?.Path);
        Assert.Null(devices.Find("0123456789"));
        Assert.Null(devices.Find(""));
    }

    private void Disk(string name, string file, string content)
    {
        var path = Path.Combine(_folder.Path, "block", name, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(content));
    }

    private Task<GuestProtocol.Channel.GuestBootstrap> FindAsync(params IBootstrapSource[] sources)
    {
        var memory = Path.Combine(_folder.Path, "meminfo");
        File.WriteAllText(memory, "MemTotal:        2048000 kB\nMemFree: 1 kB\n");
        return new MachineBootstrap(sources, Kept, new MachineDefaults(memory, 3), TimeProvider.System, _log.Add).FindAsync(Cancel);
    }

    /// <summary>Answers each look with the next of these, and then with the last again.</summary>
    private sealed class Source(params object?[] answers) : IBootstrapSource
    {
        private int _looks;

        public string Name => "a source";

        public Task<byte[]?> ReadAsync(CancellationToken cancellationToken) => answers[Math.Min(_looks++, answers.Length - 1)] switch
        {
            Exception e => Task.FromException<byte[]?>(e),
            string text => Task.FromResult<byte[]?>(Encoding.UTF8.GetBytes(text)),
            _ => Task.FromResult<byte[]?>(null),
        };
    }
}
