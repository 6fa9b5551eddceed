using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Tests;

/// <summary>What the engine's client is given, told by one that writes it down. Real ones are tried with the whole service.</summary>
public sealed class ConnectTests : TroveTest, IDisposable
{
    private const string Secret = "s\"e\\c'r#et";
    private readonly string folder = Directory.CreateTempSubdirectory("connect").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("mariadb", "mariadb Ver 15 Distrib 10.11-MariaDB", "ssl-verify-server-cert\n[client-mariadb]\ndatabase=\"shop\"\n")]
    [InlineData("mysql", "mysql Ver 9.7 for Linux", "ssl-mode=VERIFY_CA\n[mysql]\ndatabase=\"shop\"\n")]
    public async Task The_client_gets_its_login_in_a_file_of_its_users_alone_that_is_gone_afterwards(
        string program, string version, string last)
    {
        Instance();
        Program(program, version);

        var result = await TroveAsync(WithSecret(), "connect", "m1", "--user", "app", "--database", "shop", "--", "-e", "SELECT 1");

        Assert.Equal((7, ""), (result.Exit, result.Error));
        var told = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "told"), TestContext.Current.CancellationToken))!;
        var options = (string)told["options"]!;
        Assert.Equal("600 600 700", (string?)told["modes"]);
        Assert.Equal("-e SELECT 1", (string?)told["words"]);
        Assert.Equal("", (string?)told["password"]);
        Assert.Equal("PEM", (string?)told["certificate"]);
        Assert.Contains("""
            host="10.1.0.2"
            port=3307
            user="app"
            password="s\"e\\c'r#et"
            """, options, StringComparison.Ordinal);
        Assert.EndsWith(last, options, StringComparison.Ordinal);
        Assert.False(Directory.Exists((string)told["folder"]!));
    }

    [Fact]
    public async Task The_only_user_is_the_one_who_logs_in_and_his_password_is_asked_for_or_in_a_file()
    {
        Instance().Answers("GET /instances/m1-id/users", """{"users": [{"name": "app", "host": "%"}]}""");
        Program("mariadb", "MariaDB");
        var file = Path.Combine(folder, "secret");
        await File.WriteAllTextAsync(file, $"{Secret}\nmore\n", TestContext.Current.CancellationToken);
        var asked = new List<string>();

        await TroveAsync(
            new Setting(Environment: Variables(null), AskSecret: question =>
            {
                asked.Add(question);
                return Secret;
            }),
            "connect", "m1");
        await TroveAsync(new Setting(Environment: Variables(null)), "connect", "m1", "--password-file", file);

        Assert.Equal(["Password of app: "], asked);
        Assert.Contains("password=\\\"s\\\\\\\"e", await ToldAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"users": []}""", "It has no users")]
    [InlineData("""{"users": [{"name": "a"}, {"name": "b"}]}""", "name one with --user: a, b.")]
    public async Task Who_logs_in_has_to_be_said_where_there_are_none_or_several(string users, string message)
    {
        Instance().Answers("GET /instances/m1-id/users", users);
        Program("mariadb", "MariaDB");

        var result = await TroveAsync(WithSecret(), "connect", "m1");

        Assert.Equal(ExitCodes.Usage, result.Exit);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_client_or_somebody_to_ask_or_a_certificate_nothing_is_started()
    {
        Instance();
        var without = await TroveAsync(WithSecret(), "connect", "m1", "--user", "a");
        Assert.Contains("install mariadb-client", without.Error, StringComparison.Ordinal);

        Program("mariadb", "MariaDB");
        var unasked = await TroveAsync(new Setting(Environment: Variables(null)), "connect", "m1", "--user", "a");
        Assert.Contains("Nobody is there to be asked for the password of a", unasked.Error, StringComparison.Ordinal);

        Cloud.Answers("GET /instances/m1-id/certificate", """{"itemNotFound": {"code": 404, "message": "No certificate is known."}}""", 404);
        await TroveAsync(WithSecret(), "connect", "m1", "--user", "a");
        Assert.Contains("No certificate", (await TroveAsync(WithSecret(), "connect", "m1", "--user", "a")).Error, StringComparison.Ordinal);
    }

    private StubCloud Instance() => Cloud
        .Answers("GET /instances", """{"instances": [{"id": "m1-id", "name": "m1"}]}""")
        .Answers("GET /instances/m1-id", """
            {"instance": {"id": "m1-id", "name": "m1", "datastore": {"type": "mariadb"}, "ip": ["10.1.0.2"],
              "addresses": [{"address": "10.1.0.2", "type": "private", "port": 3307}]}}
            """)
        .Answers("GET /instances/m1-id/certificate", """{"certificate": "PEM"}""");

    private Setting WithSecret() => new(Environment: Variables(Secret));

    private Func<string, string?> Variables(string? password) => name => name switch
    {
        "PATH" => folder,
        "MYSQL_PWD" => password,
        _ => Cloud.Environment(name),
    };

    private Task<string> ToldAsync() => File.ReadAllTextAsync(Path.Combine(folder, "told"), TestContext.Current.CancellationToken);

    private void Program(string name, string version)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $$"""
            #!/usr/bin/env python3
            import json, os, sys
            if sys.argv[1] == "--version":
                print("{{version}}")
                sys.exit(0)
            options = sys.argv[1].removeprefix("--defaults-file=")
            folder = os.path.dirname(options)
            certificate = os.path.join(folder, "server.pem")
            json.dump({
                "options": open(options).read(), "certificate": open(certificate).read(), "folder": folder,
                "words": " ".join(sys.argv[2:]), "password": os.environ.get("MYSQL_PWD", ""),
                "modes": " ".join(oct(os.stat(one).st_mode)[-3:] for one in (options, certificate, folder)),
            }, open("{{folder}}/told", "w"))
            sys.exit(7)
            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
