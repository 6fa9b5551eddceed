using System.CommandLine;
using Dbaas.Benchmarks;
using Dbaas.Benchmarks.ListInstances;
using Dbaas.Benchmarks.Scale;

var command = BenchCommand.Create();
command.Add(LoadCommand.Create());
command.Add(BareEndpointCommand.Create());
command.Add(AgentsCommand.Create());

// What runs is removed in good order, also after Ctrl-C.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
