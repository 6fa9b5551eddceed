using Dbaas.Domain.Nodes;
using Dbaas.Hosting;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Nodes;
using Dbaas.TaskManager;

return await NodeProgram.InvokeAsync(
    NodeProgram.Command(
        Programs.TaskManager,
        "The task manager of the control plane: operations, upkeep, and the gateway of the guests.",
        async (settings, seat, cancellationToken) =>
        {
            var state = new StateFolder(settings.Home);
            Stores.Check(settings);
            var keys = MasterKeys.Read(settings);
            var deployment = await ControlPlane.PrepareAsync(settings, state, keys, cancellationToken);
            using var tasks = await TaskManagerHost.PrepareAsync(settings, state, keys, seat, deployment, cancellationToken);
            var builder = NodeProgram.NewBuilder(settings, seat);
            builder.Services.AddControlPlane(settings, state, keys).AddNode(settings, seat, gateway: tasks.GatewayUrl);
            tasks.AddTo(builder);
            await using var app = builder.Build();
            tasks.Map(app);
            await app.ServeAsync(started: () => { }, cancellationToken);
        }),
    args);
