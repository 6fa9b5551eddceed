using System.CommandLine;
using Dbaas.Domain.Nodes;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Nodes;
using Dbaas.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Dbaas.Hosting;

/// <summary>What the programs of the control plane have in common: how they are called, configured, and end.</summary>
public static class NodeProgram
{
    // Longer than any program takes by its settings: who is in a hurry kills.
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(10);

    /// <summary>Runs a command line. What an operator can do something about is said in a sentence.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(RootCommand program, string[] args)
    {
        try
        {
            return await program.Parse(args).InvokeAsync(
                new InvocationConfiguration { ProcessTerminationTimeout = StopLimit, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (ExpectedFailure.Words(e) is { } words)
        {
            await Console.Error.WriteLineAsync("dbaas: " + words);
            return 1;
        }
    }

    /// <summary>The command line of a program that is one node of many: a configuration file, and the environment.</summary>
    /// <param name="name">Which program: one of <see cref="Programs"/>.</param>
    /// <param name="description">What it does.</param>
    /// <param name="run">Runs it until it is told to stop.</param>
    public static RootCommand Command(string name, string description, Func<ServiceSettings, NodeSeat, CancellationToken, Task> run)
    {
        var config = new Option<FileInfo?>("--config") { Description = "A configuration file (JSON)." };
        var command = new RootCommand(
            $"{description} Settings are those of docs/configuration.md, in the file or in the environment, which wins: DBAAS_ApiPort, "
            + "DBAAS_Backups__Folder, DBAAS_Database__0.")
        {
            config,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = SettingsReader.Read(parsed.GetValue(config)?.FullName, Environment.GetEnvironmentVariables());
            if (settings.Database.Count == 0)
            {
                throw new InvalidDataException("Database in the configuration names no MariaDB or MySQL: nodes share one.");
            }

            using var beside = ServiceLock.TakeWithOthers(settings.Home);
            using var seat = NodeSeat.Take(settings, name);
            return await UntilStoppedAsync(() => run(settings, seat, cancellationToken), cancellationToken);
        });
        return command;
    }

    /// <summary>Runs a program. One that is told to stop before it serves has ended well too.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> UntilStoppedAsync(Func<Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }

        return 0;
    }

    /// <summary>Serves until it is told to stop. What it had begun by then ends in order, also when it did not serve yet.</summary>
    /// <param name="app">The program.</param>
    /// <param name="started">What is done when it serves.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task ServeAsync(this WebApplication app, Action started, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (
            cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop, by whichever of the two heard of it first. The host leaves what it has started as it is; a row among the nodes
            // would say that this one is alive.
            await app.StopAsync(CancellationToken.None);
            return;
        }

        started();
        await app.WaitForShutdownAsync(cancellationToken);
    }

    /// <summary>A web program that logs lines, and tells of itself to whom the settings name.</summary>
    public static WebApplicationBuilder NewBuilder(ServiceSettings settings, NodeSeat seat)
    {
        var builder = WebApplication.CreateSlimBuilder();
        Logs.Write(builder.Logging, settings.LogFormat);
        builder.AddTelemetry(settings, seat);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>One server, a door for each: every port has its own routes and none of the others'.</summary>
    public static void MapPort(this IApplicationBuilder app, int port, Action<IEndpointRouteBuilder> map) =>
        app.MapWhen(
            context => context.Connection.LocalPort == port,
            branch =>
            {
                branch.UseRouting();
                branch.UseEndpoints(map);
            });
}
