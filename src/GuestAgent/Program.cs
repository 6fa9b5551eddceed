using System.CommandLine;
using Dbaas.GuestAgent;
using Dbaas.GuestProtocol;

var bootstrap = new Option<FileInfo?>("--bootstrap") { Description = "The document that this server was given at provisioning (JSON)." };
var fromMachine = new Option<bool>("--from-machine")
{
    Description =
        "The machine is the agent's own: the document is on its config drive, in a file of cloud-init, or at the metadata address.",
};
var command = new RootCommand("The agent that runs beside a database and does what the control plane asks.") { bootstrap, fromMachine };
command.Validators.Add(given =>
{
    if (given.GetValue(bootstrap) is null != given.GetValue(fromMachine))
    {
        given.AddError("One of --bootstrap and --from-machine is needed.");
    }
});
command.SetAction((arguments, stopping) => Startup.RunAsync(arguments.GetValue(bootstrap), ProtocolRange.Ours, stopping));

// A tool of the datastore gets some seconds to end before the agent does.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
