using System.Text.RegularExpressions;

namespace Dbaas.Persistence.Tests;

/// <summary>
/// Programs of the release before run on while a migration does, and after it: each only adds. What nobody reads any more is removed by a
/// later release, when the one before it does not read it either; the first one that does says so here.
/// </summary>
public sealed partial class MigrationFormTests
{
    public static TheoryData<string> Migrations =>
        [.. typeof(Database).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Migrations))]
    public void A_migration_does_nothing_that_the_release_before_could_not_work_with(string name)
    {
        using var script = new StreamReader(typeof(Database).Assembly.GetManifestResourceStream(name)!);

        Assert.Empty(Unsafe(script.ReadToEnd()));
    }

    [Theory]
    [InlineData("DROP TABLE a")]
    [InlineData("ALTER TABLE a DROP COLUMN b")]
    [InlineData("ALTER TABLE a RENAME COLUMN b TO c")]
    [InlineData("ALTER TABLE a MODIFY COLUMN b BIGINT NULL")]
    [InlineData("ALTER TABLE a ADD COLUMN b BIGINT NOT NULL")]
    [InlineData("ALTER TABLE a ADD COLUMN b BIGINT NULL, DROP COLUMN c")]
    [InlineData("CREATE UNIQUE INDEX b ON a (c)")]
    [InlineData("UPDATE a SET b = 1")]
    [InlineData("INSERT INTO a (b) VALUES (1)")]
    public void The_rule_finds_what_it_is_for(string statement) => Assert.Single(Unsafe($"{statement};\n"));

    private static IEnumerable<string> Unsafe(string script)
    {
        var statements = script.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var made = statements.Select(one => NewTable().Match(one).Groups[1].Value).ToHashSet();
        return statements.Where(one =>
            !NewTable().IsMatch(one) && !NewIndex().IsMatch(one) && !NewColumn().IsMatch(one)
            && !(FirstRow().Match(one) is { Success: true } row && made.Contains(row.Groups[1].Value)));
    }

    [GeneratedRegex(@"^CREATE TABLE (\w+) \(")]
    private static partial Regex NewTable();

    [GeneratedRegex(@"^CREATE INDEX \w+ ON \w+ \([\w, ]+\)$")]
    private static partial Regex NewIndex();

    // Whoever does not know it, leaves it out of what he inserts.
    [GeneratedRegex(@"^ALTER TABLE \w+ ADD COLUMN \w+ [A-Z]+(\(\d+\))? (NULL|NOT NULL DEFAULT ('[^']*'|-?\d+))$")]
    private static partial Regex NewColumn();

    [GeneratedRegex(@"^INSERT INTO (\w+) ")]
    private static partial Regex FirstRow();
}
