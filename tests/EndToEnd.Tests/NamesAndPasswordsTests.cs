using System.Text.Json.Nodes;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Whatever the API accepts, the engine has: byte for byte, and a password opens its door.</summary>
public sealed class NamesAndPasswordsTests(ServiceFixture fixture)
{
    private const string InstanceName = "naïve 数据库 \U0001F600 'quote' \"two\" \\ ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Names =
    [
        " leading", "tab\there", "line\nbreak", "quo'te\"`", "数据库 ж", "lost+found", "a.b,c", "50_", "\ufffd", "a--", "a+b=c&d", "[x]",
        "{y}", new('x', 64),
    ];

    private static readonly string[] Passwords =
    [
        "a'b\"c`d\\", "line\nbreak\r\n", "\U0001F600 数据库 ж", " blanks ", "\t", "#;--/*", "%s ${HOME} $(id)",
        "\\n", "'; DROP USER x; --", "\u0001\u007f", "l\\<ZM][a\\Fx1U*v", "*0123456789ABCDEF0123456789ABCDEF01234567",
        new('ü', 255), new('p', 255),
    ];

    [Fact]
    public async Task What_is_asked_for_at_creation_is_there_and_so_is_what_comes_later()
    {
        using var trove = await fixture.Service.LogInAsync();
        var users = Names.Zip(Passwords, (name, password) => new { name, password, databases = new[] { new { name } } }).ToArray();
        var id = await trove.CreateAsync(new
        {
            name = InstanceName, flavorRef = "6", volume = new { size = 1 }, databases = Names.Select(name => new { name }), users,
        });
        var instance = await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        Assert.Equal(InstanceName, instance["name"]!.GetValue<string>());
        var host = instance["ip"]![0]!.GetValue<string>();

        Assert.Equal(Names.Order(StringComparer.Ordinal), await NamesAsync(trove, id, "databases"));
        Assert.Equal(Names.Order(StringComparer.Ordinal), await NamesAsync(trove, id, "users"));
        foreach (var user in users)
        {
            Assert.Equal($"{user.name}@%", Unescape(await Sql.RunAsync(host, user.name, user.password, "SELECT CURRENT_USER()")));
        }

        // Passwords change places; one user after the other goes away by its address.
        await trove.DoAsync(
            HttpMethod.Put,
            $"instances/{id}/users",
            new { users = Names.Zip(Passwords.Reverse(), (name, password) => new { name, password }) });
        foreach (var (name, password) in Names.Zip(Passwords.Reverse()))
        {
            Assert.Equal("1", await Sql.RunAsync(host, name, password, "SELECT 1"));
            var address = Uri.EscapeDataString(name);
            var access = await trove.DoAsync(HttpMethod.Get, $"instances/{id}/users/{address}/databases");
            Assert.Equal(name, access!["databases"]![0]!["name"]!.GetValue<string>());
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}/users/{address}");
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}/databases/{address}");
        }

        Assert.Empty(await NamesAsync(trove, id, "databases"));
        Assert.Empty(await NamesAsync(trove, id, "users"));
        await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        await trove.AwaitGoneAsync(id, Patience);
    }

    private static async Task<IEnumerable<string>> NamesAsync(TroveClient trove, string id, string kind) =>
        (await trove.DoAsync(HttpMethod.Get, $"instances/{id}/{kind}"))![kind]!.AsArray()
        .Select((JsonNode? one) => one!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal).ToList();

    // The client escapes what would break its lines.
    private static string Unescape(string line) => line.Replace("\\t", "\t").Replace("\\n", "\n").Replace("\\\\", "\\");
}
