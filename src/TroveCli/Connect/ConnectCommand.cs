using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Connect;

/// <summary>connect: the engine's own client, logged in at an instance. It trusts the certificate of that instance and no other.</summary>
internal sealed class ConnectCommand
{
    private const string PasswordVariable = "MYSQL_PWD";

    private readonly Argument<string> instance = Parts.Instance();
    private readonly Option<string?> user = Parts.Text("user", "name", "Who logs in there; the only user of the instance by default.");
    private readonly Option<string?> database = Parts.Text("database", "name", "The database to begin with.");
    private readonly Option<string?> host = Parts.Text("host", "address", "Another of its addresses than the first.");
    private readonly Option<string?> passwordFile = Parts.Text(
        "password-file", "file", "The password is the first line of this file. Without it: that of the variable MYSQL_PWD, or asked for.");

    private readonly Argument<string[]> words = new("words")
    {
        Description = "Further options for the engine's client, behind --, for example -- -e 'SELECT 1'.",
    };

    public ConnectCommand(CommandContext context) => Command = new TroveCommand(
        "connect",
        "Opens the engine's own client (mariadb or mysql) with TLS at an instance, and at no other. Its exit code is that client's.",
        """
        trove connect m1 --user app --database shop
          trove connect m1 --user app --password-file app.secret -- -e "SELECT 1"
        """,
        instance, user, database, host, passwordFile, words).HandsOver(context, RunAsync);

    public TroveCommand Command { get; }

    private async Task<int> RunAsync(Call call)
    {
        var id = await call.Find.InstanceIdAsync(call.Get(instance));
        var shown = await call.Api.GetAsync(Paths.Of("instances", id), "instance", call.Stop);
        var address = call.Get(host) ?? (shown["ip"] as JsonArray)?.FirstOrDefault().Text()
            ?? throw new TroveException($"{call.Get(instance)} has no address yet.");
        var client = await EngineClient.FindAsync(shown.Text("datastore", "type"), call.Environment("PATH"), call.Stop);
        var login = new EngineLogin
        {
            Host = address,
            Port = Port(shown, address),
            User = call.Get(user) ?? await OnlyUserAsync(call, id),
            Certificate = (await call.Api.GetAsync(Paths.Of("instances", id, "certificate"), "certificate", call.Stop)).Text() ?? "",
            Database = call.Get(database),
        };
        login.Password = Password(call, login.User);
        return await client.RunAsync(login, call.Get(words), call.Stop);
    }

    private static string Port(JsonNode shown, string address) =>
        shown.Items("addresses").FirstOrDefault(one => one.Text("address") == address).Text("port") ?? "3306";

    private static async Task<string> OnlyUserAsync(Call call, string id)
    {
        var users = await call.Api.ListAsync(Paths.Of("instances", id, "users"), "users", Page.All, call.Stop);
        var names = users.Select(one => one.Text("name") ?? "").Distinct().ToList();
        return names is [var only]
            ? only
            : throw new UsageException(names.Count == 0
                ? "It has no users: `trove user-create` makes one, `trove root-enable` enables root; then name it with --user."
                : $"It has several users; name one with --user: {string.Join(", ", names)}.");
    }

    private string Password(Call call, string name)
    {
        if (call.Get(passwordFile) is { } file)
        {
            try
            {
                return File.ReadLines(file, new UTF8Encoding(false, throwOnInvalidBytes: true)).FirstOrDefault() ?? "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
            {
                // Not the exception's own message: a decoder quotes the bytes.
                throw new UsageException(e is DecoderFallbackException ? "--password-file is not UTF-8." : $"--password-file: {e.Message}");
            }
        }

        return call.Environment(PasswordVariable)
            ?? call.Terminal.AskSecret?.Invoke($"Password of {name}: ")
            ?? throw new UsageException(
                $"Nobody is there to be asked for the password of {name}: give --password-file or {PasswordVariable}.");
    }
}
