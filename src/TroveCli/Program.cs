using Dbaas.TroveCli;
using Dbaas.TroveCli.Output;

Func<string, string?> environment = Environment.GetEnvironmentVariable;
return await Application.RunAsync(args, Terminal.OfThisProcess(environment), environment, TimeProvider.System);
