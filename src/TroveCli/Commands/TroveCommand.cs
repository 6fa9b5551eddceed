using System.CommandLine;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Commands;

/// <summary>A command with an example in its help.</summary>
internal sealed class TroveCommand : Command
{
    public TroveCommand(string name, string description, string example, params ReadOnlySpan<Symbol> parts)
        : base(name, description)
    {
        Example = example;
        foreach (var part in parts)
        {
            if (part is Argument argument)
            {
                Add(argument);
            }
            else
            {
                Add((Option)part);
            }
        }
    }

    public string Example { get; }

    /// <summary>Its work is another program's, and so are the signals while that runs.</summary>
    public bool IsHandedOver { get; private set; }

    public TroveCommand HandsOver(CommandContext context, Func<Call, Task<int>> action)
    {
        IsHandedOver = true;
        SetAction((parsed, stop) => action(new Call(context, parsed, stop)));
        return this;
    }

    public TroveCommand Does(CommandContext context, Func<Call, Task> action)
    {
        SetAction(async (parsed, stop) =>
        {
            await action(new Call(context, parsed, stop));
            return ExitCodes.Ok;
        });
        return this;
    }
}
