using System.Diagnostics;

namespace Dbaas.TroveCli.Tests;

/// <summary>What shells complete: the shells themselves are asked, and they ask the program.</summary>
public sealed class CompletionTests : TroveTest, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder = Directory.CreateTempSubdirectory("completion").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("trove backup-li", "backup-list backup-list-instance")]
    [InlineData("trove create m1 --slave", "--slave-of --slave_of")]
    [InlineData("trove update m1 --deletion-protection ''", "off on")]
    [InlineData("trove completion ''", "bash zsh")]
    [InlineData("trove list --os-auth-", "--os-auth-type --os-auth-url")]
    [InlineData("trove create --users-file ''", "")]
    [InlineData("trove nonsense-", "")]
    public async Task Bash_completes_commands_options_and_their_words(string typed, string expected)
    {
        var completed = await ShellAsync(
            "bash",
            $"""
            source <(trove completion bash)
            COMP_WORDS=({typed}) COMP_CWORD=$(({typed.Split(' ').Length} - 1))
            _trove
            complete -p trove
            echo "{"${COMPREPLY[*]}"}."
            """);

        Assert.Equal($"complete -o bashdefault -o default -F _trove trove\n{expected}.\n", completed);
    }

    [Fact]
    public async Task Zsh_completes_what_somebody_types()
    {
        var seen = await ShellAsync(
            "zsh",
            """
            zmodload zsh/zpty
            zpty one zsh -f -i
            zpty -w one 'autoload -U compinit; compinit -D -u; source <(trove completion zsh); print is-"ready"'
            zpty -r one line '*is-ready*'
            zpty -w -n one $'trove topol\t--help\n'
            zpty -r one line '*Shows the replication set*'
            print -r -- $line
            """);

        Assert.Contains("Shows the replication set", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_is_completed_but_the_one_that_completes()
    {
        var result = await TroveAsync("complete", "--", "");

        Assert.Contains("agent-list\tLists the agents' releases, and how far a rollout is.\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("complete\t", result.Output, StringComparison.Ordinal);
        Assert.Empty(Cloud.Requests);
    }

    private async Task<string> ShellAsync(string shell, string script)
    {
        var program = Path.Combine(folder, "trove");
        File.CreateSymbolicLink(program, Path.Combine(AppContext.BaseDirectory, "Dbaas.TroveCli"));
        var start = new ProcessStartInfo(shell, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{folder}:{start.Environment["PATH"]}";
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(Patience);
            await process.WaitForExitAsync(deadline.Token);
            Assert.True(process.ExitCode == 0, await error);
            return await output;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
