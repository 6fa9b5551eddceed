using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Tests;

public sealed class AccountRulesTests
{
    [Theory]
    [InlineData("mariadb", 80, true)]
    [InlineData("mariadb", 81, false)]
    [InlineData("mysql", 32, true)]
    [InlineData("mysql", 33, false)]
    public void A_user_name_is_as_long_as_the_engine_allows(string datastore, int length, bool isGood) =>
        Check(isGood, () => AccountRules.Of(datastore).User(new string('u', length)));

    [Theory]
    [InlineData("x", 64, true)]
    [InlineData("x", 65, false)]
    [InlineData("数", 51, true)]
    [InlineData("数", 52, false)]
    [InlineData("ж", 64, true)]
    [InlineData("İ", 64, false)]
    [InlineData("-", 51, true)]
    [InlineData("-", 52, false)]
    public void A_database_name_fits_its_column_and_its_folder(string character, int count, bool isGood) =>
        Check(isGood, () => AccountRules.Of("mariadb").Database(string.Concat(Enumerable.Repeat(character, count))));

    [Theory]
    [InlineData("#mysql50#x", false)]
    [InlineData("information_schema", false)]
    [InlineData("Performance_Schema", false)]
    [InlineData("a ", false)]
    [InlineData(" a", true)]
    [InlineData("a", true)]
    [InlineData("lost+found", true)]
    [InlineData("a\n", true)]
    [InlineData("a\U0001F600", false)]
    public void Databases(string name, bool isGood) => Check(isGood, () => AccountRules.Of("mysql").Database(name));

    [Theory]
    [InlineData("mariadb", "mysql.session", true)]
    [InlineData("mariadb", "mariadb.sys", false)]
    [InlineData("mysql", "mysql.session", false)]
    [InlineData("mysql", "mysql.x", true)]
    [InlineData("mysql", "mariadb.sys", true)]
    [InlineData("mariadb", "os_admin", false)]
    [InlineData("mariadb", "Root", true)]
    [InlineData("mariadb", "..", false)]
    [InlineData("mariadb", "repl_", true)]
    [InlineData("mariadb", "repl_user", true)]
    [InlineData("mariadb", "dbaas_user", true)]
    [InlineData("mariadb", "repl_0123456789abcdef0123456789", false)]
    [InlineData("mariadb", "repl_c0123456789abcdef0123456789", false)]
    [InlineData("mariadb", "repl_0123456789abcdef0123456789a", true)]
    public void Users(string datastore, string name, bool isGood) => Check(isGood, () => AccountRules.Of(datastore).User(name));

    [Theory]
    [InlineData("%", true)]
    [InlineData("10.0.0.0/255.255.255.0", true)]
    [InlineData("fe80::1", true)]
    [InlineData("%.example.org", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("ж", false)]
    public void Hosts(string host, bool isGood) => Check(isGood, () => AccountRules.Host(host));

    [Theory]
    [InlineData("mariadb", "%", true)]
    [InlineData("mariadb", "10.1.%", true)]
    [InlineData("mariadb", "192.168.1._", true)]
    [InlineData("mariadb", "fe80::%", true)]
    [InlineData("mariadb", "::ffff:10.1.2.3", true)]
    [InlineData("mariadb", "10.1.0.0/255.255.0.0", true)]
    [InlineData("mariadb", "10.1.2.128/255.255.255.128", true)]
    [InlineData("mariadb", "10.1.2.3/255.255.0.0", false)]
    [InlineData("mariadb", "10.1.0.0/255.0.255.0", false)]
    [InlineData("mariadb", "10.1.0.0/16", false)]
    [InlineData("mysql", "10.1.0.0/16", true)]
    [InlineData("mysql", "0.0.0.0/0", true)]
    [InlineData("mysql", "10.1.2.3/32", true)]
    [InlineData("mysql", "10.1.2.3/16", false)]
    [InlineData("mysql", "10.1.0.0/33", false)]
    [InlineData("mysql", "10.1.0/16", false)]
    [InlineData("mysql", "fe80::/16", false)]
    [InlineData("mysql", "10.1.0.0/", false)]
    [InlineData("mysql", "10.1.0.0/16/16", false)]
    [InlineData("mysql", "web1.example.org", false)]
    [InlineData("mariadb", "localhost", false)]
    [InlineData("mariadb", "%.example.org", false)]
    [InlineData("mariadb", "abc", false)]
    public void Hosts_from_which_somebody_can_come(string datastore, string host, bool isGood) =>
        Check(isGood, () => AccountRules.Of(datastore).NewHost(host));

    [Theory]
    [InlineData("utf8mb4", "utf8mb4_general_ci", true)]
    [InlineData("utf8", "utf8mb3_bin", true)]
    [InlineData("UTF8MB4", "uca1400_ai_ci", true)]
    [InlineData("binary", "binary", true)]
    [InlineData("utf8mb4", "utf8_general_ci", false)]
    [InlineData("latin1", "latin2_bin", false)]
    [InlineData("latin1", null, true)]
    [InlineData(null, "latin2_bin", true)]
    public void Collations_fit_their_character_sets(string? characters, string? collation, bool isGood) =>
        Check(isGood, () => AccountRules.Of("mariadb").NewDatabase(new WantedDatabase("d", characters, collation)));

    [Fact]
    public void Other_datastores_have_no_accounts() =>
        Assert.Equal(422, Assert.Throws<FaultException>(() => AccountRules.Of("redis")).Status);

    private static void Check(bool isGood, Action rule)
    {
        if (isGood)
        {
            rule();
        }
        else
        {
            Assert.Equal(400, Assert.Throws<FaultException>(rule).Status);
        }
    }
}
