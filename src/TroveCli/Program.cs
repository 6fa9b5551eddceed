using Dbaas.TroveCli;
using Dbaas.TroveCli.Output;

return await Application.RunAsync(args, Terminal.OfThisProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
