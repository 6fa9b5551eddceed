using System.CommandLine;
using System.CommandLine.Completions;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Login;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Completion;

/// <summary>What a shell completes: a script for it, and the command that the script asks.</summary>
internal static class CompletionCommands
{
    /// <param name="context">What every command works with.</param>
    /// <param name="root">All commands; asked for when they are all there.</param>
    public static IEnumerable<Command> All(CommandContext context, Func<Command> root) => [Script(context), Complete(context, root)];

    private static TroveCommand Script(CommandContext context)
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        return new TroveCommand(
            "completion",
            "Prints what makes a shell complete this program's commands and options: to be appended to ~/.bashrc or ~/.zshrc.",
            "trove completion bash",
            shell)
            .Does(context, async call => await call.Terminal.Out.WriteLineAsync(call.Get(shell) == "bash" ? Scripts.Bash : Scripts.Zsh));
    }

    private static TroveCommand Complete(CommandContext context, Func<Command> root)
    {
        var words = new Argument<string[]>("words") { Description = "What is typed so far, behind the program's name." };
        return new TroveCommand(
            "complete", "Prints what the last word can become, each with its description behind a tab.", "trove complete -- backup-", words)
            {
                Hidden = true,
            }
            .Does(context, async call =>
            {
                var typed = call.Get(words);
                foreach (var item in Possible(root(), typed))
                {
                    await call.Terminal.Out.WriteLineAsync($"{item.Label}\t{Visible.Text(item.Detail ?? "")}");
                }
            });
    }

    private static IEnumerable<CompletionItem> Possible(Command root, string[] typed)
    {
        var (word, before) = (typed.LastOrDefault() ?? "", typed.ElementAtOrDefault(typed.Length - 2));
        var parsed = root.Parse(typed);

        // The parser takes the word for the whole value of the option before it.
        var option = parsed.CommandResult.Command.Options.Concat(root.Options)
            .FirstOrDefault(option => (option.Name == before || option.Aliases.Contains(before ?? "")) && option.ValueType != typeof(bool));
        var items = option is not null
            ? option.GetCompletions(CompletionContext.Empty)
            : parsed.GetCompletions().Concat(OfLogin).Where(item => word.Length > 0 || !item.Label.StartsWith('-'));
        return items
            .Where(item => item.Label.StartsWith(word, StringComparison.Ordinal))
            .DistinctBy(item => item.Label)
            .OrderBy(item => item.Label, StringComparer.Ordinal);
    }

    /// <summary>They are hidden from the help of commands, and not from whoever begins to type one.</summary>
    private static IEnumerable<CompletionItem> OfLogin =>
        LoginOptions.All.Select(option => new CompletionItem(option.Name, detail: option.Description));
}
