using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Dbaas.TroveCli.Login;

namespace Dbaas.TroveCli.Commands;

/// <summary>The usual help, then an example, or for the whole program where to begin.</summary>
internal sealed class HelpWithExample(HelpAction usual) : SynchronousCommandLineAction
{
    private const string Beginning = """
        Who you are is read from the cloud of a clouds.yaml that --os-cloud or OS_CLOUD names, or from the environment:
        OS_AUTH_URL for --os-auth-url and so on, as `. .dbaas/openrc` sets them.
        A name works wherever an id does. Examples:
          trove create m1 7 --size 2 --databases shop --users app:secret --wait
          trove create s1 7 --size 2 --slave_of m1 --wait
          trove topology m1
          trove detach_replication s1 --wait
        `trove <command> --help` explains a command.

        """;

    /// <summary>Help is given even where an argument is missing.</summary>
    public override bool ClearsParseErrors => true;

    public static HelpOption Option()
    {
        // Not "/h" and "/?", which are names and files here.
        var option = new HelpOption("--help", "-h", "-?");
        option.Action = new HelpWithExample((HelpAction)option.Action!);
        return option;
    }

    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is TroveCommand command)
        {
            output.WriteLine("Example:");
            output.WriteLine($"  {command.Example}");
            output.WriteLine();
        }
        else
        {
            output.WriteLine("Login options:");
            foreach (var option in LoginOptions.All)
            {
                var name = option.HelpName is { } value ? $"{option.Name} <{value}>" : option.Name;
                output.WriteLine($"  {name,-48}  {option.Description}");
            }

            output.WriteLine();
            output.WriteLine(Beginning);
        }

        return result;
    }
}
