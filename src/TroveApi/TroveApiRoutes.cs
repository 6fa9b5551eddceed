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
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.TroveApi;

/// <summary>The table of all addresses. Rules are Trove's policy names.</summary>
public static class TroveApiRoutes
{
    private const string Tenant = "/v1.0/{tenant}";

    /// <summary>Maps the API: <c>/</c>, everything below <c>/v1.0</c>, and a JSON 404 for all else.</summary>
    public static void MapTroveApi(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var gate = services.GetRequiredService<Gate>();
        var versions = services.GetRequiredService<VersionEndpoints>();
        routes.MapMethods("/", ["GET"], gate.Open(versions.ListAsync));
        routes.MapMethods("/v1.0", ["GET"], gate.Open(versions.ShowAsync));
        routes.MapFallback("{**path}", gate.Open(_ => throw FaultException.NotFound("The resource could not be found.")));

        MapInstances(new Map(routes, gate), services);
        MapManagement(new Map(routes, gate), services);
        MapAccounts(new Map(routes, gate), services);
        MapBackups(new Map(routes, gate), services);
        MapConfigurations(new Map(routes, gate), services);
        MapCatalogue(new Map(routes, gate), services);
        MapLogs(new Map(routes, gate), services);
    }

    private static void MapInstances(Map map, IServiceProvider services)
    {
        var instances = services.GetRequiredService<InstanceEndpoints>();
        var set = services.GetRequiredService<SetEndpoints>();
        var update = services.GetRequiredService<UpdateEndpoint>();
        map.Add("GET", "/instances", "instance:index", instances.ListAsync);
        map.Add("GET", "/instances/detail", "instance:detail", instances.DetailAsync);
        map.Add("POST", "/instances", "instance:create", services.GetRequiredService<CreateEndpoint>().CreateAsync);
        map.Add("GET", "/instances/{id}", "instance:show", instances.ShowAsync);
        map.Add("PUT", "/instances/{id}", "instance:update", update.UpdateAsync);
        map.Add("PATCH", "/instances/{id}", "instance:edit", update.UpdateAsync);
        map.Add(
            "DELETE", "/instances/{id}", "instance:delete", services.GetRequiredService<DeleteEndpoint>().DeleteAsync, FinalBackup.Query);
        map.Add("POST", "/instances/{id}/action", rule: null, services.GetRequiredService<ActionEndpoint>().ActAsync);
        map.Add("GET", "/instances/{id}/topology", "instance:show", set.TopologyAsync);
        map.Add("GET", "/instances/{id}/history", "instance:show", set.HistoryAsync);
        map.Add(
            "GET", "/instances/{id}/configuration", "instance:configuration", services.GetRequiredService<DefaultsEndpoint>().ShowAsync);

        map.Add("GET", "/instances/{id}/certificate", "instance:show", set.CertificateAsync);

        var none = services.GetRequiredService<EmptyLists>();
        map.Add("GET", "/instances/{id}/modules", "instance:module_list", none.OfInstance("modules"));
        map.Add("GET", "/modules", "module:index", EmptyLists.Of("modules"));
        map.Add("GET", "/clusters", "cluster:index", EmptyLists.Of("clusters"));
    }

    private static void MapManagement(Map map, IServiceProvider services)
    {
        var instances = services.GetRequiredService<ManagementEndpoints>();
        map.Add("GET", "/mgmt/instances", "mgmt:instances", instances.ListAsync);
        map.Add("GET", "/mgmt/instances/{id}", "mgmt:instances", instances.ShowAsync);
        map.Add("GET", "/mgmt/instances/{id}/root", "mgmt:instances", instances.RootAsync);
        map.Add("POST", "/mgmt/instances/{id}/action", "mgmt:instances", services.GetRequiredService<ManagementActions>().ActAsync);

        var questions = services.GetRequiredService<GuestQuestions>();
        map.Add("GET", "/mgmt/instances/{id}/hwinfo", "mgmt:instances", questions.HardwareAsync);
        map.Add("GET", "/mgmt/instances/{id}/diagnostics", "mgmt:instances", questions.DiagnosticsAsync);
        map.Add("GET", "/mgmt/instances/{id}/rpc_ping", "mgmt:instances", questions.PingAsync);

        var agents = services.GetRequiredService<AgentEndpoints>();
        map.Add("GET", "/mgmt/agents", "mgmt:agents", agents.ListAsync);
        map.Add("POST", "/mgmt/agents/rollout", "mgmt:agents", agents.BeginAsync);
        map.Add("DELETE", "/mgmt/agents/rollout", "mgmt:agents", agents.StopAsync);

        var leftovers = services.GetRequiredService<LeftoverEndpoints>();
        map.Add("GET", "/mgmt/leftovers", "mgmt:leftovers", leftovers.ListAsync);
        map.Add("DELETE", "/mgmt/leftovers/{kind}/{key}", "mgmt:leftovers", leftovers.RemoveAsync);
    }

    private static void MapAccounts(Map map, IServiceProvider services)
    {
        var root = services.GetRequiredService<RootEndpoints>();
        map.Add("GET", "/instances/{id}/root", "instance:extension:root:index", root.ShowAsync);
        map.Add("POST", "/instances/{id}/root", "instance:extension:root:create", root.EnableAsync);
        map.Add("DELETE", "/instances/{id}/root", "instance:extension:root:delete", root.DisableAsync);

        var databases = services.GetRequiredService<DatabaseEndpoints>();
        map.Add("GET", "/instances/{id}/databases", "instance:extension:database:index", databases.ListAsync);
        map.Add("POST", "/instances/{id}/databases", "instance:extension:database:create", databases.CreateAsync);
        map.Add("GET", "/instances/{id}/databases/{name}", "instance:extension:database:show", DatabaseEndpoints.ShowAsync);
        map.Add("DELETE", "/instances/{id}/databases/{name}", "instance:extension:database:delete", databases.DeleteAsync);

        var users = services.GetRequiredService<UserEndpoints>();
        map.Add("GET", "/instances/{id}/users", "instance:extension:user:index", users.ListAsync);
        map.Add("POST", "/instances/{id}/users", "instance:extension:user:create", users.CreateAsync);
        map.Add("PUT", "/instances/{id}/users", "instance:extension:user:update_all", users.ChangePasswordsAsync);
        map.AddOfUser("GET", "", "instance:extension:user:show", users.ShowAsync);
        map.AddOfUser("PUT", "", "instance:extension:user:update", users.UpdateAsync);
        map.AddOfUser("DELETE", "", "instance:extension:user:delete", users.DeleteAsync);

        var access = services.GetRequiredService<AccessEndpoints>();
        map.AddOfUser("GET", "/databases", "instance:extension:user_access:index", access.ListAsync);
        map.AddOfUser("PUT", "/databases", "instance:extension:user_access:update", access.GrantAsync);
        map.AddOfUser("DELETE", "/databases/{name}", "instance:extension:user_access:delete", access.RevokeAsync);
    }

    private static void MapBackups(Map map, IServiceProvider services)
    {
        var backups = services.GetRequiredService<BackupEndpoints>();
        map.Add("GET", "/backups", "backup:index", backups.ListAsync);
        map.Add("POST", "/backups", "backup:create", services.GetRequiredService<CreateBackupEndpoint>().CreateAsync);
        map.Add("GET", "/backups/{id}", "backup:show", backups.ShowAsync);
        map.Add("DELETE", "/backups/{id}", "backup:delete", services.GetRequiredService<DeleteBackupEndpoint>().DeleteAsync);
        var verify = services.GetRequiredService<VerifyEndpoint>();
        map.Add("POST", "/backups/{id}/action", "backup:verify", verify.ActAsync);
        map.Add("GET", "/backups/{id}/verification", "backup:show", verify.ShowAsync);
        map.Add("GET", "/instances/{id}/backups", "instance:backups", backups.ListOfInstanceAsync);
        map.Add("GET", "/backup_strategies", "backup_strategy:index", BackupStrategies.ListAsync);
        map.Add("POST", "/backup_strategies", "backup_strategy:create", BackupStrategies.CreateAsync);

        var keys = services.GetRequiredService<BackupKeyEndpoints>();
        map.Add("GET", "/backup_key", "backup_key:show", keys.ShowAsync);
        map.Add("PUT", "/backup_key", "backup_key:update", keys.SetAsync);
        map.Add("DELETE", "/backup_key", "backup_key:delete", keys.RemoveAsync);

        var schedules = services.GetRequiredService<ScheduleEndpoints>();
        map.Add("GET", "/backup_schedules", "backup_schedule:index", schedules.ListAsync);
        map.Add("POST", "/backup_schedules", "backup_schedule:create", schedules.CreateAsync);
        map.Add("GET", "/backup_schedules/{id}", "backup_schedule:show", schedules.ShowAsync);
        map.Add("PATCH", "/backup_schedules/{id}", "backup_schedule:edit", schedules.ChangeAsync);
        map.Add("DELETE", "/backup_schedules/{id}", "backup_schedule:delete", schedules.DeleteAsync);
        map.Add("GET", "/instances/{id}/backup_schedules", "backup_schedule:index", schedules.ListOfInstanceAsync);
    }

    private static void MapLogs(Map map, IServiceProvider services)
    {
        var logs = services.GetRequiredService<LogEndpoints>();
        map.Add("GET", "/instances/{id}/log", "instance:guest_log_list", logs.ListAsync);
        map.Add("POST", "/instances/{id}/log", "instance:guest_log_list", logs.ActAsync);
        map.Add(
            "GET", "/instances/{id}/log/{name}", "instance:guest_log_list", services.GetRequiredService<LogTextEndpoint>().ReadAsync);
    }

    private static void MapConfigurations(Map map, IServiceProvider services)
    {
        var groups = services.GetRequiredService<ConfigurationEndpoints>();
        var changes = services.GetRequiredService<ChangeConfiguration>();
        map.Add("GET", "/configurations", "configuration:index", groups.ListAsync);
        map.Add("POST", "/configurations", "configuration:create", groups.CreateAsync);
        map.Add("GET", "/configurations/{id}", "configuration:show", groups.ShowAsync);
        map.Add("PUT", "/configurations/{id}", "configuration:update", changes.ReplaceAsync);
        map.Add("PATCH", "/configurations/{id}", "configuration:edit", changes.MergeAsync);
        map.Add("DELETE", "/configurations/{id}", "configuration:delete", groups.DeleteAsync);
        map.Add("GET", "/configurations/{id}/instances", "configuration:instances", groups.InstancesAsync);

        var parameters = services.GetRequiredService<ParameterEndpoints>();
        map.Add("GET", "/datastores/versions/{version}/parameters", "configuration-parameter:index_by_version", parameters.ListAsync);
        map.Add("GET", "/datastores/versions/{version}/parameters/{name}", "configuration-parameter:show_by_version", parameters.ShowAsync);
        map.Add("GET", "/datastores/{datastore}/versions/{version}/parameters", "configuration-parameter:index", parameters.ListAsync);
        map.Add(
            "GET", "/datastores/{datastore}/versions/{version}/parameters/{name}", "configuration-parameter:show", parameters.ShowAsync);
    }

    private static void MapCatalogue(Map map, IServiceProvider services)
    {
        var datastores = services.GetRequiredService<DatastoreEndpoints>();
        map.Add("GET", "/datastores", "datastore:index", datastores.ListAsync);
        map.Add("GET", "/datastores/{datastore}", "datastore:show", datastores.ShowAsync);
        map.Add("GET", "/datastores/{datastore}/versions", "datastore:version_index", datastores.VersionsAsync);
        map.Add("GET", "/datastores/{datastore}/versions/{version}", "datastore:version_show", datastores.VersionAsync);
        map.Add("GET", "/datastores/versions/{version}", "datastore:version_show_by_uuid", datastores.VersionAsync);
        map.Add(
            "GET",
            "/datastores/{datastore}/versions/{version}/volume-types",
            "datastore:list_associated_volume_types",
            datastores.VolumeTypesAsync);

        var flavors = services.GetRequiredService<FlavorEndpoints>();
        map.Add("GET", "/flavors", "flavor:index", flavors.ListAsync);
        map.Add("GET", "/flavors/{id}", "flavor:show", flavors.ShowAsync);
        map.Add(
            "GET", "/datastores/{datastore}/versions/{version}/flavors", "datastore:list_associated_flavors", flavors.ListOfVersionAsync);

        map.Add("GET", "/limits", "limits:index", services.GetRequiredService<LimitEndpoint>().ListAsync);
        var quotas = services.GetRequiredService<QuotaEndpoints>();
        map.Add("GET", "/mgmt/quotas/{project}", "quota:show", quotas.ShowAsync);
        map.Add("PUT", "/mgmt/quotas/{project}", "quota:update", quotas.UpdateAsync);
    }

    private sealed class Map(IEndpointRouteBuilder routes, Gate gate)
    {
        /// <param name="method">HTTP's.</param>
        /// <param name="pattern">Below the project.</param>
        /// <param name="rule">Trove's name of what is asked for; null: only the body says, so the handler checks.</param>
        /// <param name="handler">Answers.</param>
        /// <param name="deletesWith">For a DELETE: the one parameter that its query may have; null: it has no query.</param>
        public void Add(
            string method, string pattern, string? rule, Func<ApiRequest, Task<Answer>> handler, string? deletesWith = null) =>
            routes.MapMethods(Tenant + pattern, [method], gate.Guarded(rule, handler, deletesWith));

        /// <summary>Of a user, also one of a network: clients send the slash of <c>10.1.0.0/255.255.0.0</c> as it is.</summary>
        /// <param name="method">HTTP's.</param>
        /// <param name="pattern">Below the user.</param>
        /// <param name="rule">Trove's name of what is asked for.</param>
        /// <param name="handler">Answers.</param>
        public void AddOfUser(string method, string pattern, string rule, Func<ApiRequest, Task<Answer>> handler)
        {
            Add(method, "/instances/{id}/users/{user}" + pattern, rule, handler);
            Add(method, "/instances/{id}/users/{user}/{mask:mask}" + pattern, rule, handler);
        }
    }
}
