using System.Text.Json;
using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>Whatever users are offered for their groups, the engine takes, and starts with: the least and the most of each.</summary>
public abstract class OfferedParameters<TFixture>(TFixture fixture, string datastore) : EngineCases(fixture)
    where TFixture : DatastoreFixture
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>What an instance of this size can have at most is less than what the engine can.</summary>
    private static readonly Dictionary<string, string> MostHere = new()
    {
        ["innodb_buffer_pool_size"] = "134217728",
        ["innodb_log_buffer_size"] = "16777216",
        ["innodb_log_file_size"] = "134217728",
        ["key_buffer_size"] = "16777216",
        ["bulk_insert_buffer_size"] = "16777216",
        ["join_buffer_size"] = "16777216",
        ["myisam_sort_buffer_size"] = "16777216",
        ["sort_buffer_size"] = "16777216",
    };

    /// <summary>Down to what the machine lets it open, and to how many pools of buffers there are; up to pieces of them.</summary>
    private static readonly string[] RoundedByTheEngine = ["innodb_open_files", "innodb_page_cleaners", "innodb_buffer_pool_size"];

    private readonly List<Offer> offers = JsonSerializer.Deserialize<List<Offer>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Rules", $"{datastore}.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public async Task A_running_server_takes_the_least_and_the_most_of_each_and_says_truly_what_needs_a_restart()
    {
        var instance = await fixture.NewMasterAsync();
        var wrong = new List<string>();
        foreach (var offer in offers.Where(offer => !ShapesData(offer)))
        {
            var waited = false;
            foreach (var value in Values(offer))
            {
                try
                {
                    var waiting = await ApplyAsync(instance, new() { [offer.Name] = value });
                    waited |= waiting.Contains(offer.Name);
                    if (waiting.Contains(offer.Name) && !offer.RestartRequired)
                    {
                        wrong.Add($"{offer.Name} = {value} waits for a restart");
                    }
                    else if (!offer.RestartRequired && !await IsSetAsync(instance, offer, value))
                    {
                        wrong.Add($"{offer.Name} = {value} is not what the server has then");
                    }
                }
                catch (DatastoreException e)
                {
                    wrong.Add($"{offer.Name} = {value}: {e.Message}");
                }
            }

            if (offer.RestartRequired && !waited)
            {
                wrong.Add($"{offer.Name} needs no restart");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.Empty(await ApplyAsync(instance, []));
    }

    [Fact]
    public async Task A_server_starts_with_the_least_of_all_and_with_the_most_of_all()
    {
        var instance = await fixture.NewMasterAsync();
        var atStart = offers.Where(offer => offer.RestartRequired && !ShapesData(offer) && Values(offer).Count > 0).ToList();
        foreach (var which in new Func<Offer, string>[] { offer => Values(offer)[0], offer => Values(offer)[^1] })
        {
            await ApplyAsync(instance, atStart.ToDictionary(offer => offer.Name, which));
            await instance.Server.RestartAsync(() => { }, None);
            var status = await instance.Server.GetStatusAsync(None);

            Assert.Equal((ServerState.Healthy, null), (status.State, status.Configuration?.GivenUp));
            foreach (var offer in atStart)
            {
                Assert.True(await IsSetAsync(instance, offer, which(offer)), $"{offer.Name} is not {which(offer)}");
            }
        }
    }

    private async Task<bool> IsSetAsync(TestInstance instance, Offer offer, string value)
    {
        if (RoundedByTheEngine.Contains(offer.Name))
        {
            return true;
        }

        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        var wanted = offer.Type == "string" ? $"'{value}'" : value;
        return (await client.ReadAsync($"SELECT @@GLOBAL.{offer.Name} = {wanted}")).Single() == 1;
    }

    private static bool ShapesData(Offer offer) => offer.Name is "lower_case_table_names" or "innodb_page_size";

    private static async Task<IReadOnlyList<string>> ApplyAsync(TestInstance instance, Dictionary<string, string> values) =>
        (await instance.Datastore.Configuration!.ApplyAsync(values, None)).WaitForRestart;

    private static IReadOnlyList<string> Values(Offer offer) => offer.Type switch
    {
        "boolean" => ["0", "1"],
        "string" => offer.Choices ?? [],
        _ => [.. new[] { offer.Min, MostHere.GetValueOrDefault(offer.Name, offer.Max ?? "") }.Where(value => value?.Length > 0)!],
    };

    private sealed record Offer(
        string Name,
        string Type,
        string? Min,
        string? Max,
        [property: System.Text.Json.Serialization.JsonPropertyName("restart_required")] bool RestartRequired,
        IReadOnlyList<string>? Choices);
}
