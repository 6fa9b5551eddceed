using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Our own client, where it needs a real service and real engines: whom it talks to, and what it draws.</summary>
public sealed class OurClientTests(ServiceFixture fixture)
{
    private const string Password = "p\"ä\\n'#; $(id)";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task It_connects_to_the_instance_that_is_named_and_to_no_other_and_watches_its_set()
    {
        using var trove = await fixture.Service.LogInAsync();
        var master = await trove.CreateAsync(new
        {
            name = "ours-m",
            flavorRef = "6",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = Password, databases = new[] { new { name = "shop" } } } },
        });
        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);
        await TroveAsync("trove create ours-s --slave_of ours-m --wait");
        var slaveHost = (await trove.AwaitStatusAsync(await IdAsync("ours-s"), "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();

        Assert.Equal(
            "app@% shop TLS",
            (await TroveAsync($"""
                trove connect ours-m --database shop -- --skip-column-names -e "
                  SELECT CONCAT_WS(' ', CURRENT_USER(), DATABASE(), IF(VARIABLE_VALUE <> '', 'TLS', 'plain'))
                  FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'"
                """)).Trim());
        Assert.Equal("1", (await TroveAsync("""echo "SELECT 1" | trove connect ours-s -- --skip-column-names""")).Trim());

        // The same users and passwords, and not the same server.
        var other = await TroveAsync($"trove connect ours-m --host {slaveHost} -- -e 'SELECT 1' 2>&1 || echo refused");
        Assert.Contains("TLS/SSL error", other, StringComparison.Ordinal);
        Assert.EndsWith("refused\n", other, StringComparison.Ordinal);
        Assert.Equal("ended with 1\n", await TroveAsync("trove connect ours-m -- -e 'SELECT nothing' 2>/dev/null || echo ended with $?"));

        Assert.Matches($"^ours-m .* ACTIVE .* master\n└── ours-s .* ACTIVE .* slave .* behind\n$", await TroveAsync("trove watch ours-m"));
        var watched = await TroveAsync("""
            script -qec 'timeout --foreground --preserve-status --signal INT 5 trove watch ours-m && echo ended well' /dev/null </dev/null
            """);
        Assert.Contains("ours-s", watched, StringComparison.Ordinal);
        Assert.Contains("ended well", watched, StringComparison.Ordinal);

        var waited = await TroveAsync("script -qec 'trove restart ours-s --wait' /dev/null </dev/null");
        Assert.Matches("ours-s: REBOOT, restart.* \\([0-9]+ s\\)", waited);
        Assert.Contains("ours-s is ACTIVE", waited, StringComparison.Ordinal);
        await TroveAsync("trove delete ours-s --wait && trove delete ours-m --wait");
    }

    [Fact]
    public async Task It_logs_in_with_a_token_and_with_a_cloud_and_says_what_the_built_in_identity_does_not_know()
    {
        var flavors = await TroveAsync("trove flavor-list");

        Assert.Equal(flavors, await TroveAsync("""
            token=$(openstack token issue -f value -c id)
            url=$OS_AUTH_URL
            unset ${!OS_*}
            trove flavor-list --os-auth-url "$url" --os-token "$token"
            """));
        Assert.Equal(flavors, await TroveAsync("""
            export OS_CLIENT_CONFIG_FILE=$(mktemp)
            printf 'clouds: {ours: {auth: {auth_url: "%s", username: "%s", password: "%s", project_name: "%s"}}}' \
              "$OS_AUTH_URL" "$OS_USERNAME" "$OS_PASSWORD" "$OS_PROJECT_NAME" >"$OS_CLIENT_CONFIG_FILE"
            unset OS_AUTH_URL OS_USERNAME OS_PASSWORD OS_PROJECT_NAME
            trove flavor-list --os-cloud ours
            rm "$OS_CLIENT_CONFIG_FILE"
            """));
        Assert.Contains(
            "unsupported method",
            await TroveAsync("""
                trove flavor-list --os-auth-type v3applicationcredential --os-application-credential-id a \
                  --os-application-credential-secret b 2>&1 || true
                """),
            StringComparison.Ordinal);
    }

    private async Task<string> IdAsync(string name) =>
        (await TroveAsync($"trove show {name} | awk '$1 == \"id\" {"{ print $2 }"}'")).Trim();

    /// <summary>As a user types it, logged in. Who is asked for a password has it in the environment.</summary>
    private async Task<string> TroveAsync(string script)
    {
        var folder = Directory.CreateTempSubdirectory("dbc");
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "trove"), Repository.TroveCli);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "password"), Password);
            return await Shell.RunAsync(folder.FullName, $"""
                . '{fixture.Service.StatePath}/openrc'
                export PATH=$PWD:$PATH TERM=xterm MYSQL_PWD="$(cat password)"
                {script}
                """);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
