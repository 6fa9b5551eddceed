using Dbaas.Domain.Nodes;
using Dbaas.Hosting;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Nodes;
using Dbaas.TroveApi;

return await NodeProgram.InvokeAsync(
    NodeProgram.Command(
        Programs.TroveApi,
        "The API of the control plane, and the built-in identity where there is no Keystone.",
        async (settings, seat, cancellationToken) =>
        {
            var state = new StateFolder(settings.Home);
            Ports.Check(settings);
            Stores.Check(settings);
            Identities.Check(settings);
            var keys = MasterKeys.Read(settings);
            await ControlPlane.PrepareAsync(settings, state, keys, cancellationToken);
            var builder = NodeProgram.NewBuilder(settings, seat);
            builder.Services.AddControlPlane(settings, state, keys).AddNode(
                settings, seat, address: Identities.ApiAddressOf(settings), unready: TimeSpan.FromSeconds(settings.UnreadySeconds));
            builder.AddTroveApi(settings, state, keys);
            await using var app = builder.Build();
            app.MapTroveApi(settings);
            await app.ServeAsync(
                () => Identities.WriteLoginFiles(settings, state, settings.PublicEndpoint ?? Identities.ApiAddressOf(settings)),
                cancellationToken);
        }),
    args);
