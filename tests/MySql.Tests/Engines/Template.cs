using System.Runtime.CompilerServices;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>One empty data directory for each fixture, copied instead of made again.</summary>
internal static class Template
{
    private static readonly ConditionalWeakTable<MySqlFamilyFixture, Lazy<Task<string>>> Made = [];

    public static Task<string> GetAsync(MySqlFamilyFixture fixture) =>
        Made.GetValue(fixture, owner => new Lazy<Task<string>>(owner.MakeTemplateAsync)).Value;
}
