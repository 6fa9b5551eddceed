using System.CommandLine;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Management;

/// <summary>What is on the compute plane with the service's mark and belongs to no instance; for administrators.</summary>
internal static class LeftoverCommands
{
    private static readonly Column[] Columns =
        [new("Kind", "kind"), new("Key", "key"), new("First Seen", "first_seen"), new("Last Seen", "last_seen"), new("Removal", "removal")];

    public static IEnumerable<Command> All(CommandContext context) => [List(context), Delete(context)];

    private static TroveCommand List(CommandContext context) =>
        new TroveCommand("leftover-list", "Lists what is on the compute plane and belongs to no instance.", "trove leftover-list")
            .Does(context, async call =>
            {
                var leftovers = await call.Api.ListAsync("mgmt/leftovers", "leftovers", Page.All, call.Stop);
                call.Print(leftovers, printer => printer.Table(Columns, leftovers));
            });

    private static TroveCommand Delete(CommandContext context)
    {
        var kind = Parts.Required("kind", "Its kind, as the list has it.");
        var key = Parts.Required("key", "Its key, as the list has it.");
        return new TroveCommand(
            "leftover-delete", "Has a leftover removed, with its data, unless it belongs to an instance by then.",
            "trove leftover-delete volume 01a22b6c-9372-7000-8164-24e4bc72250f", kind, key)
            .Does(context, async call =>
            {
                await call.Api.DeleteAsync(Paths.Of("mgmt", "leftovers", call.Get(kind), call.Get(key)), call.Stop);
                call.Say($"{call.Get(key)} is going to be removed.");
            });
    }
}
