using System.CommandLine;
using Dbaas.Benchmarks;
using Dbaas.Benchmarks.ListInstances;

var command = BenchCommand.Create();
command.Add(LoadCommand.Create());
command.Add(BareEndpointCommand.Create());

// What runs is removed in good order, also after Ctrl-C.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
