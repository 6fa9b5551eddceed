using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Backups;
using Dbaas.TroveApi.Backups.Keys;
using Dbaas.TroveApi.Backups.Schedules;
using Dbaas.TroveApi.Configurations;
using Dbaas.TroveApi.Creation;
using Dbaas.TroveApi.Datastores;
using Dbaas.TroveApi.Deletion;
using Dbaas.TroveApi.Flavors;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;
using Dbaas.TroveApi.Limits;
using Dbaas.TroveApi.Logs;
using Dbaas.TroveApi.Management;
using Dbaas.TroveApi.Quotas;
using Dbaas.TroveApi.Versions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Dbaas.TroveApi;

/// <summary>Puts the API into a program. It needs persistence, a token validator and <see cref="IPublishedLogs"/> beside it.</summary>
public static class TroveApiServices
{
    /// <summary>Adds the API's parts.</summary>
    public static IServiceCollection AddTroveApi(this IServiceCollection services, TroveApiOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .Configure<RouteOptions>(routes => routes.SetParameterPolicy<MaskConstraint>("mask"))
            .AddSingleton(options)
            .AddSingleton<RateLimits>()
            .AddSingleton<Strangers>()
            .AddSingleton<Gate>()
            .AddSingleton<VersionEndpoints>()
            .AddSingleton<InstanceReader>()
            .AddSingleton<InstanceView>()
            .AddSingleton<InstanceEndpoints>()
            .AddSingleton<SetEndpoints>()
            .AddSingleton<EmptyLists>()
            .AddSingleton<CreatePlanner>()
            .AddSingleton<CreateEndpoint>()
            .AddSingleton<OperationStart>()
            .AddSingleton<DeleteEndpoint>()
            .AddSingleton<FinalBackup>()
            .AddSingleton<Detach>()
            .AddSingleton<Members>()
            .AddSingleton<Promotion>()
            .AddSingleton<Ejection>()
            .AddSingleton<FailoverChoice>()
            .AddSingleton<ConfigurationAttachment>()
            .AddSingleton<ReadyOnly>()
            .AddSingleton<Resize>()
            .AddSingleton<OperationGiveUp>()
            .AddSingleton<ManagementView>()
            .AddSingleton<ManagementEndpoints>()
            .AddSingleton<FormerMasters>()
            .AddSingleton<ManagementActions>()
            .AddSingleton<AgentUpgrade>()
            .AddSingleton<AgentEndpoints>()
            .AddSingleton<GuestQuestions>()
            .AddSingleton<LeftoverEndpoints>()
            .AddSingleton<QuotaTaker>()
            .AddSingleton<ActionEndpoint>()
            .AddSingleton<UpdateEndpoint>()
            .AddSingleton<GuestRequests>()
            .AddHostedService<ReplyWatch>()
            .AddSingleton<AccountTargets>()
            .AddSingleton<DatabaseEndpoints>()
            .AddSingleton<UserEndpoints>()
            .AddSingleton<AccessEndpoints>()
            .AddSingleton<RootEndpoints>()
            .AddSingleton<LogTargets>()
            .AddSingleton<LogReader>()
            .AddSingleton<LogPublication>()
            .AddSingleton<LogEndpoints>()
            .AddSingleton<LogTextEndpoint>()
            .AddSingleton<DatastoreEndpoints>()
            .AddSingleton<FlavorEndpoints>()
            .AddSingleton<LimitEndpoint>()
            .AddSingleton<QuotaEndpoints>()
            .AddSingleton<BackupEndpoints>()
            .AddSingleton<CreateBackupEndpoint>()
            .AddSingleton<RegisterBackup>()
            .AddSingleton<DeleteBackupEndpoint>()
            .AddSingleton<VerifyEndpoint>()
            .AddSingleton<BackupBeginning>()
            .AddSingleton<BackupKeyEndpoints>()
            .AddSingleton<ScheduleEndpoints>()
            .AddSingleton<ConfigurationEndpoints>()
            .AddSingleton<ChangeConfiguration>()
            .AddSingleton<ConfigurationWait>()
            .AddSingleton<ParameterEndpoints>()
            .AddSingleton<DefaultsEndpoint>();
    }
}
