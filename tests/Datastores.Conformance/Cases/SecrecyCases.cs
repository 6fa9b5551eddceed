using System.Text;
using Dbaas.GuestProtocol.Commands;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>Passwords are where they must be, and nowhere else.</summary>
[Needs("replication")]
public abstract class SecrecyCases<TFixture>(TFixture fixture) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Nothing_secret_is_in_logs_command_lines_or_files_that_others_can_read()
    {
        var pair = await fixture.PairAsync();
        await SayPasswordsAsync(pair.Master);
        var secrets = fixture.Secrets.Concat(fixture.SecretsOf(pair.Offer)).ToList();

        foreach (var instance in fixture.Instances)
        {
            var texts = instance.Log
                .Concat(instance.Processes.CommandLines)
                .Concat(Directory.EnumerateFiles(Path.Combine(instance.Host.VolumePath, "log")).Select(File.ReadAllText))
                .Concat(Directory.EnumerateFiles(Path.Combine(instance.Host.VolumePath, "etc")).Select(File.ReadAllText));
            Assert.All(texts, text => Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.Ordinal)));
            foreach (var folder in fixture.LogFolders.Select(name => Path.Combine(instance.Host.VolumePath, name)).Where(Directory.Exists))
            {
                foreach (var file in Directory.EnumerateFiles(folder))
                {
                    var logged = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
                    Assert.All(
                        secrets,
                        secret => Assert.True(logged.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{file} holds {secret}"));
                }
            }

            Assert.All(instance.Processes.Programs, program => Assert.Equal(instance.Host.UserId, program.UserId));
            Assert.All(
                Directory.EnumerateFiles(instance.Host.StatePath)
                    .Concat(Directory.EnumerateFiles(Path.Combine(instance.Host.VolumePath, "tls"))),
                file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        }
    }

    /// <summary>
    /// Every call that has a password, while the log is on. The others' have signs that a statement writes otherwise.
    /// </summary>
    private async Task SayPasswordsAsync(TestInstance master)
    {
        var accounts = master.Accounts;
        var user = new UserSpec("secretive", fixture.Secret("OfAUserWhoIsMade"));
        await accounts.CreateUsersAsync([user], None);
        await accounts.ChangePasswordsAsync([user with { Password = fixture.Secret("OfAUserWhoIsChanged") }], None);
        await accounts.UpdateUserAsync(
            new UpdateUser(user.Name, "%", null, null, fixture.Secret("OfAUserWhoIsUpdated")), None);
        await accounts.DeleteUserAsync(user.Name, "%", None);
        await accounts.EnsureAsync([], [new UserSpec("ensured", fixture.Secret("OfAUserWhoIsEnsured"))], None);
        await accounts.DeleteUserAsync("ensured", "%", None);
        await accounts.EnableRootAsync(fixture.Secret("OfRoot"), None);
        await accounts.EnableRootAsync(TestPair.RootPassword, None);
    }
}
