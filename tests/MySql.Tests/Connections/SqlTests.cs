using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.MySql.Tests.Connections;

public sealed class SqlTests
{
    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("", "''")]
    [InlineData("it's", "'it\\'s'")]
    [InlineData("back\\slash", "'back\\\\slash'")]
    [InlineData("\\'; DROP USER root; --", "'\\\\\\'; DROP USER root; --'")]
    [InlineData("nul\0 tab\t", "'nul\\0 tab\t'")]
    [InlineData("line\r\n end\x1a", "'line\\r\\n end\\Z'")]
    [InlineData("ünïcödé 🦭", "'ünïcödé 🦭'")]
    public void A_string_constant_ends_where_it_should(string value, string expected) => Assert.Equal(expected, Sql.Literal(value));

    [Theory]
    [InlineData("plain", "`plain`")]
    [InlineData("tick`s", "`tick``s`")]
    [InlineData("quote's \"and\" \\", "`quote's \"and\" \\`")]
    public void A_name_ends_where_it_should(string name, string expected) => Assert.Equal(expected, Sql.Identifier(name));

    [Theory]
    [InlineData("shop", "shop")]
    [InlineData("a_c", "a\\_c")]
    [InlineData("50%", "50\\%")]
    [InlineData("b\\s", "b\\\\s")]
    public void A_pattern_is_for_one_name(string name, string expected) => Assert.Equal(expected, Sql.EscapeWildcards(name));

    [Theory]
    [InlineData("a_c")]
    [InlineData("50%")]
    [InlineData("b\\s\\_")]
    [InlineData("ends with \\")]
    public void Escaped_wildcards_come_back(string name) => Assert.Equal(name, Sql.UnescapeWildcards(Sql.EscapeWildcards(name)));

    [Fact]
    public void An_account_is_quoted_on_both_sides() => Assert.Equal("'o\\'hara'@'10.%'", Sql.Account("o'hara", "10.%"));
}
