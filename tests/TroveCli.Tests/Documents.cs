namespace Dbaas.TroveCli.Tests;

/// <summary>Answers of the API, as the reference design and Trove give them.</summary>
internal static class Documents
{
    public const string MasterId = "d2bd91ef-3d7c-43ae-97a9-f0726c91d322";
    public const string SlaveId = "9ffc7b3a-9205-412a-9cd2-521f95755c43";

    public const string Flavors = """
        {"flavors": [
          {"id": 1, "str_id": "1", "name": "tiny", "ram": 512, "vcpus": 1, "disk": 0, "ephemeral": 0, "links": []},
          {"id": 7, "str_id": "7", "name": "db.small", "ram": 512, "vcpus": 1, "disk": 0, "ephemeral": 0, "links": []}]}
        """;

    public static string Instances(params string[] instances) => $$"""{"instances": [{{string.Join(',', instances)}}]}""";

    public static string Instance(string instance) => $$"""{"instance": {{instance}}}""";

    public static string Master(string status = "ACTIVE", string more = "") => $$"""
        {"id": "{{MasterId}}", "name": "m1", "status": "{{status}}", "created": "2014-06-13T14:33:27", "updated": "2014-06-13T14:33:27",
         "datastore": {"type": "mysql", "version": "5.5"}, "flavor": {"id": "7", "links": []}, "volume": {"size": 2},
         "ip": ["10.1.0.2"], "links": []{{more}}}
        """;

    public static string Slave(string status = "BUILD", string more = "") => $$"""
        {"id": "{{SlaveId}}", "name": "s1", "status": "{{status}}", "created": "2014-06-13T14:33:27", "updated": "2014-06-13T14:33:27",
         "datastore": {"type": "mysql", "version": "5.5"}, "flavor": {"id": "7", "links": []}, "volume": {"size": 2}, "links": [],
         "slaveOf": {"id": "{{MasterId}}", "links": []}, "replica_of": {"id": "{{MasterId}}", "links": []}{{more}}}
        """;
}
