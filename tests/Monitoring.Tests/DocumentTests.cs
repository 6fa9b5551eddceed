using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dbaas.Testing;

namespace Dbaas.Monitoring.Tests;

/// <summary>What is written about metrics is so.</summary>
public sealed partial class DocumentTests
{
    private static string Rules => Path.Combine(Repository.Root, "deploy/monitoring/alerts.yml");

    private static IEnumerable<string> Expressions =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy/monitoring/dashboard.json")))!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
            .Select(target => target!["expr"]!.GetValue<string>().Replace("$__rate_interval", "5m", StringComparison.Ordinal));

    [Fact]
    public void The_table_has_every_metric_with_its_kind_and_unit_and_no_other()
    {
        var written = File.ReadLines(Path.Combine(Repository.Root, "docs/monitoring.md"))
            .Select(line => Row().Match(line))
            .Where(row => row.Success)
            .Select(row => $"{row.Groups["name"].Value} {row.Groups["kind"].Value}");

        var there = Instruments.All.Select(one =>
            $"{one.Name} {string.Join(", ", new[] { Instruments.KindOf(one), Instruments.UnitOf(one) }.Where(text => text.Length > 0))}");

        Assert.Equal(there.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Prometheus_takes_the_rules_and_they_do_what_their_tests_say()
    {
        Assert.Contains("SUCCESS", await Promtool.RunAsync("check", "rules", Rules), StringComparison.Ordinal);
        Assert.Contains(
            "SUCCESS", await Promtool.RunAsync("test", "rules", Path.ChangeExtension(Rules, ".test.yml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_and_dashboard_name_only_what_there_is_and_every_expression_can_be_read()
    {
        var known = Instruments.PrometheusNames.ToHashSet();
        Assert.True(Expressions.Count() > 20, "The dashboard has panels.");

        var named = Expressions.Append(await File.ReadAllTextAsync(Rules, TestContext.Current.CancellationToken))
            .SelectMany(text => Ours().Matches(text).Select(match => match.Value)).Distinct();

        Assert.Empty(named.Except(known).Except(["dbaas_instance_id"]));
        Assert.Contains("SUCCESS", await Promtool.CheckAsync(Expressions), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `(?<name>dbaas\.[a-z._]+)` \| (?<kind>[^|]+?) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\bdbaas_[a-z_]+\b")]
    private static partial Regex Ours();
}
