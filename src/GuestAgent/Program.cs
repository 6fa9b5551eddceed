using System.CommandLine;
using Dbaas.GuestAgent;

var bootstrap = new Option<FileInfo>("--bootstrap") { Description = "The document that this server was given at provisioning (JSON).", Required = true };
var command = new RootCommand("The agent that runs beside a database and does what the control plane asks.") { bootstrap };
command.SetAction((arguments, stopping) => Startup.RunAsync(arguments.GetValue(bootstrap)!, stopping));

// A tool of the datastore gets some seconds to end before the agent does.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
