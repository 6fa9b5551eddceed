using System.Security.Cryptography.X509Certificates;
using Dbaas.Benchmarks.ListInstances;
using Dbaas.Hosting.Configuration;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Secrets;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Scale;

/// <summary>Instances straight in the control database, whose agents may enrol.</summary>
internal static class SeededGuests
{
    private const int AtOnce = 200;

    public static async Task<FleetOrder> AddAsync(RunningNodes nodes, string tenant, int count, CancellationToken cancellationToken)
    {
        var key = MasterKeys.Read(new ServiceSettings { MasterKey = RunningNodes.MasterKey }).For("control-database");
        using var database = new Database(
            new MySqlDialect(nodes.Database), new SecretBox(key), threadCount: 1);
        var ids = await SeededInstances.AddAsync(database, tenant, count, cancellationToken);
        List<FleetAgent> agents = [.. ids.Select(id => new FleetAgent(id, EnrolmentSecret.Create()))];
        foreach (var some in agents.Chunk(AtOnce))
        {
            await database.WriteAsync(
                unit =>
                {
                    foreach (var agent in some)
                    {
                        GuestRows.AllowEnrolment(unit, agent.InstanceId, EnrolmentSecret.Hash(agent.Secret));
                    }
                },
                cancellationToken);
        }

        var (gateway, authority) = await database.ReadAsync(
            unit => (NodeRows.Gateways(unit).Single(), ControlSecretRows.Find(unit, ControlSecretRows.GuestAuthority)!), cancellationToken);

        // Without its key.
        using var certificate = X509Certificate2.CreateFromPem(authority);
        return new FleetOrder(gateway, certificate.ExportCertificatePem(), agents);
    }
}
