using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Finding a process by what it was started with.</summary>
public sealed class ProcessTableTests
{
    private const int Starts = 300;

    /// <summary>For a moment it shows nothing of that: one in some hundreds was missed, more on a busy machine.</summary>
    [Fact]
    public void A_process_is_found_from_the_moment_on_that_its_start_returned()
    {
        using var folder = new TempFolder();
        var found = 0;
        for (var start = 0; start < Starts; start++)
        {
            var mark = $"{folder.Path} {start}";
            var pid = DetachedStart.Start(
                ["/usr/bin/setpriv", "--no-new-privs", "--", "/usr/bin/sleep", "60"],
                workingDirectory: null,
                CommandLines.Environment("DBAAS_TEST_MARK", mark),
                folder.Below("log"));
            var processes = ProcessTable.FindByEnvironment("DBAAS_TEST_MARK", mark);
            found += processes.Count;
            Signals.Send(ProcessTable.Find(pid)!, Signals.Kill);
            ChildEnd.Collect(pid);
        }

        Assert.Equal(Starts, found);
    }
}
