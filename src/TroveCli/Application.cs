using System.CommandLine;
using Dbaas.TroveCli.Backups;
using Dbaas.TroveCli.Catalog;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Completion;
using Dbaas.TroveCli.Configurations;
using Dbaas.TroveCli.Connect;
using Dbaas.TroveCli.Databases;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Instances;
using Dbaas.TroveCli.Login;
using Dbaas.TroveCli.Logs;
using Dbaas.TroveCli.Management;
using Dbaas.TroveCli.Output;
using Dbaas.TroveCli.Quotas;
using Dbaas.TroveCli.Root;
using Dbaas.TroveCli.Users;

namespace Dbaas.TroveCli;

internal static class Application
{
    /// <summary>For a command that is interrupted, to end well.</summary>
    private static readonly TimeSpan ToStop = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(
        string[] arguments, Terminal terminal, Func<string, string?> environment, TimeProvider clock)
    {
        ParseResult? parsed = null;
        var login = new LoginReader(environment, terminal.AskSecret);
        using var api = new TroveClient(() => login.Read(parsed!.GetValue(LoginOptions.Cloud), LoginOptions.Given(parsed!)));
        var root = Tree(new CommandContext(api, terminal, clock) { Environment = environment });

        // "@name" and "-abc" are names here, never files or bundles of options.
        parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0)
        {
            return Misunderstood(parsed, terminal);
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = parsed.CommandResult.Command is TroveCommand { IsHandedOver: true } ? null : ToStop,
            });
        }
        catch (TroveException e)
        {
            terminal.Error.WriteLine($"trove: {Visible.Text(e.Message)}");
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("trove: stopped. What the service has accepted goes on.");
            return ExitCodes.Interrupted;
        }
    }

    public static Command Tree(CommandContext context)
    {
        // Not a RootCommand: that one is called as the file is, and takes "[x]" for a directive.
        var root = new Command("trove", "Databases as a service: creates, replicates and looks after database instances.")
        {
            GlobalOptions.Json,
            HelpWithExample.Option(),
        };
        foreach (var option in LoginOptions.All)
        {
            root.Add(option);
        }

        Command[] commands =
        [
            .. InstanceCommands.All(context),
            .. ResizeCommands.All(context),
            .. ReplicationCommands.All(context),
            .. BackupCommands.All(context),
            .. KeyCommands.All(context),
            .. ScheduleCommands.All(context),
            .. LogCommands.All(context),
            new ConnectCommand(context).Command,
            .. DatabaseCommands.All(context),
            .. UserCommands.All(context),
            .. AccessCommands.All(context),
            .. RootCommands.All(context),
            .. ConfigurationCommands.All(context),
            .. ParameterCommands.All(context),
            .. CatalogCommands.All(context),
            .. QuotaCommands.All(context),
            .. ManagementCommands.All(context),
            .. ManagementActions.All(context),
            .. AgentCommands.All(context),
            .. LeftoverCommands.All(context),
            .. CompletionCommands.All(context, () => root),
        ];
        foreach (var command in commands)
        {
            root.Add(command);
        }

        root.SetAction(parsed => root.Parse("--help").Invoke(parsed.InvocationConfiguration));
        return root;
    }

    private static int Misunderstood(ParseResult parsed, Terminal terminal)
    {
        foreach (var error in parsed.Errors)
        {
            terminal.Error.WriteLine($"trove: {Visible.Text(error.Message)}");
        }

        var command = parsed.CommandResult.Command;
        var name = command is TroveCommand ? $"trove {command.Name}" : "trove";
        terminal.Error.WriteLine($"`{name} --help` shows how it is used.");
        return ExitCodes.Usage;
    }
}
