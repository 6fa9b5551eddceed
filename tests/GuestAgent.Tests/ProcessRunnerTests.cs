using System.Diagnostics;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Processes;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

public sealed class ProcessRunnerTests
{
    private readonly ProcessRunner runner = new(Guid.CreateVersion7().ToString());

    private CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Input_and_output_stream_through_a_program()
    {
        var data = new byte[3_000_000];
        new Random(1).NextBytes(data);
        using var output = new MemoryStream();

        var result = await runner.RunAsync(
            new ProcessSpec("cat", []),
            (input, token) => input.WriteAsync(data, token).AsTask(),
            (from, token) => from.CopyToAsync(output, token),
            Cancel);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(data, output.ToArray());
    }

    [Fact]
    public async Task What_one_program_writes_for_another_passes_by_and_is_counted()
    {
        var (data, passed) = (new byte[5_000_000], 0L);
        new Random(2).NextBytes(data);
        using var output = new MemoryStream();

        var result = await runner.RunAsync(
            new ProcessSpec("cat", []),
            (second, token) =>
            {
                var counted = new CountedStream(second, bytes => passed += bytes);
                Assert.NotNull(counted.Pipe);
                return runner.RunAsync(
                    new ProcessSpec("cat", []),
                    (first, inner) => first.WriteAsync(data, inner).AsTask(),
                    (from, inner) => from.CopyToAsync(counted, inner),
                    token);
            },
            (from, token) => from.CopyToAsync(output, token),
            Cancel);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(data, output.ToArray());
        Assert.Equal(data.Length, passed);
    }

    [Fact]
    public async Task A_program_that_takes_no_more_of_anothers_output_tells_why_by_its_exit_code()
    {
        var result = await runner.RunAsync(
            new ProcessSpec("false", []),
            (second, token) => runner.RunAsync(
                new ProcessSpec("cat", ["/dev/zero"]), null, (from, inner) => from.CopyToAsync(second, inner), token),
            null,
            Cancel);

        Assert.Equal(1, result.ExitCode);
        await runner.EndLeftoversAsync(Cancel);
    }

    [Fact]
    public async Task Two_programs_of_which_neither_goes_on_end_when_they_are_cancelled()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var started = new TaskCompletionSource();
        var run = runner.RunAsync(
            new ProcessSpec("sleep", ["1000"]),
            (second, token) => runner.RunAsync(
                new ProcessSpec("cat", ["/dev/zero"]),
                null,
                (from, inner) =>
                {
                    started.SetResult();
                    return from.CopyToAsync(second, inner);
                },
                token),
            null,
            stop.Token);
        await started.Task;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(20), Cancel));
        await runner.EndLeftoversAsync(Cancel);
    }

    [Fact]
    public async Task The_exit_code_and_the_end_of_the_error_output_are_told()
    {
        var result = await runner.RunAsync(
            new ProcessSpec("python3", ["-c", "import sys;sys.stderr.write('x'*20000+'the end');sys.exit(3)"]), null, null, Cancel);

        Assert.Equal(3, result.ExitCode);
        Assert.Equal(8192, result.ErrorTail.Length);
        Assert.EndsWith("the end", result.ErrorTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_that_fails_ends_the_program_before_it_can_take_the_input_for_whole()
    {
        var fault = new DatastoreException(GuestProtocol.FaultKind.Transient, "cut");
        var marker = Path.GetTempFileName();

        var seen = await Assert.ThrowsAsync<DatastoreException>(() => runner.RunAsync(
            new ProcessSpec("python3", ["-c", "import sys;sys.stdin.read();open(sys.argv[1],'w').write('whole')", marker]),
            async (input, token) =>
            {
                await input.WriteAsync(Encoding.ASCII.GetBytes("half"), token);
                await input.FlushAsync(token);
                throw fault;
            },
            null,
            Cancel));

        Assert.Same(fault, seen);
        Assert.Empty(await File.ReadAllTextAsync(marker, Cancel));
        File.Delete(marker);
    }

    [Fact]
    public async Task A_program_that_ends_without_reading_its_input_tells_why_by_its_exit_code()
    {
        var result = await runner.RunAsync(
            new ProcessSpec("false", []),
            async (input, token) =>
            {
                while (true)
                {
                    await input.WriteAsync(new byte[65536], token);
                }
            },
            null,
            Cancel);

        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Cancelling_ends_the_program_and_what_it_started()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var pids = new TaskCompletionSource<int[]>();
        var run = runner.RunAsync(
            new ProcessSpec(
                "python3",
                ["-c", "import os,subprocess;p=subprocess.Popen(['sleep','3600']);print(os.getpid(),p.pid,flush=True);p.wait()"]),
            null,
            async (output, token) =>
            {
                using var reader = new StreamReader(output);
                pids.SetResult([.. (await reader.ReadLineAsync(token))!.Split(' ').Select(int.Parse)]);
                await Task.Delay(Timeout.Infinite, token);
            },
            stop.Token);
        var both = await pids.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Eventually.HoldsAsync("both to be gone", TimeSpan.FromSeconds(10), () => both.All(pid => ProcessTable.Find(pid) is null));
    }

    [Fact]
    public async Task Tools_that_a_killed_agent_left_are_ended_by_the_next_one_and_others_are_not()
    {
        using var other = Process.Start("sleep", "3600");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var run = runner.RunAsync(new ProcessSpec("sleep", ["3600"]), null, null, stop.Token);

        await Eventually.HoldsAsync("the tool's end", TimeSpan.FromSeconds(20), async () =>
        {
            await runner.EndLeftoversAsync(Cancel);
            return run.IsCompleted;
        });

        Assert.Equal(137, (await run).ExitCode);
        Assert.False(other.HasExited);
        other.Kill();
        await other.WaitForExitAsync(Cancel);
    }
}
