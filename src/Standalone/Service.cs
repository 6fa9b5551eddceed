using Dbaas.Domain.Nodes;
using Dbaas.Hosting;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Nodes;
using Dbaas.TaskManager;
using Dbaas.TroveApi;

namespace Dbaas.Standalone;

/// <summary>Puts API and task manager into one process and runs them.</summary>
internal static class Service
{
    /// <param name="settings">The configuration.</param>
    /// <param name="configuration">The file that it is from; null: none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task RunAsync(ServiceSettings settings, string? configuration, CancellationToken cancellationToken)
    {
        var state = new StateFolder(settings.Home);
        using var onlyOne = ServiceLock.TakeAlone(settings.Home);
        using var seat = NodeSeat.Take(settings, Programs.Standalone);
        Ports.Check(settings);
        Stores.Check(settings);
        Identities.Check(settings);
        MasterKeys.Ensure(settings);
        var keys = MasterKeys.Read(settings);
        state.KeepConfiguration(configuration);
        var deployment = await ControlPlane.PrepareAsync(settings, state, keys, cancellationToken);
        using var tasks = await TaskManagerHost.PrepareAsync(settings, state, keys, seat, deployment, cancellationToken);

        var builder = NodeProgram.NewBuilder(settings, seat);
        builder.Services
            .AddControlPlane(settings, state, keys)
            .AddNode(settings, seat, address: Identities.ApiAddressOf(settings), gateway: tasks.GatewayUrl);
        builder.AddTroveApi(settings, state, keys);
        tasks.AddTo(builder);

        await using var app = builder.Build();
        app.MapTroveApi(settings);
        tasks.Map(app);
        // Whoever waits for the service waits for the login files.
        await app.ServeAsync(() => Identities.WriteLoginFiles(settings, state, Identities.ApiAddressOf(settings)), cancellationToken);
    }
}
