using Dbaas.TroveCli.Commands;

return await Application.RunAsync(args, Terminal.OfThisProcess(), Environment.GetEnvironmentVariable, TimeProvider.System);
