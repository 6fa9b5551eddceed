using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Instances;

/// <summary>create: a new instance, or with a master's name its slaves.</summary>
internal sealed class CreateCommand
{
    private readonly CreateParts parts = new();
    private readonly Waiting waiting = new();

    public CreateCommand(CommandContext context) => Command = new TroveCommand(
        "create",
        "Creates an instance, or with --slave_of a slave of one. Put lists (--databases, --users) after the name and the flavor.",
        """
        trove create m1 7 --size 2 --databases shop --users app:secret --wait
          trove create s1 7 --size 2 --slave_of m1 --wait
        """,
        [.. parts.All, waiting.Wait, waiting.Timeout]).Does(context, RunAsync);

    public TroveCommand Command { get; }

    private async Task RunAsync(Call call)
    {
        var request = await CreateRequest.BuildAsync(call, parts);
        var several = call.Get(parts.ReplicaCount) > 1 && request.MasterId is not null;
        var before = several ? await SlavesAsync(call, request.MasterId!) : [];

        var created = await call.Api.PostAsync("instances", new JsonObject { ["instance"] = request.Instance }, "instance", call.Stop);
        if (!waiting.Asked(call))
        {
            call.Print(created, printer => printer.Properties(InstanceProperties.Created(created)));
            return;
        }

        if (!call.Json)
        {
            new Printer(call.Terminal).Properties(InstanceProperties.Created(created));
        }

        // The answer names one of several; their master names all.
        var ids = several ? (await SlavesAsync(call, request.MasterId!)).Except(before).Append(created.Id()).Distinct() : [created.Id()];
        JsonNode ready = created;
        foreach (var id in ids.ToList())
        {
            var name = id == created.Id() ? created.Text("name") ?? id : id;
            var watch = waiting.Watch(call, id, name);
            var instance = await watch.UntilReadyAsync(_ => true);
            call.Say($"{instance.Text("name")} is {instance.Text("status")} ({Duration.Text(watch.Elapsed)}).");
            ready = id == created.Id() ? instance : ready;
        }

        call.Print(ready, _ => { });
    }

    private static async Task<string[]> SlavesAsync(Call call, string master)
    {
        var instance = await call.Api.GetAsync(Paths.Of("instances", master), "instance", call.Stop);
        return [.. instance.Items("slaves").Concat(instance.Items("replicas")).Select(slave => slave.Id()).Distinct()];
    }
}
