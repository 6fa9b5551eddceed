using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

public sealed class EngineVersionTests
{
    [Theory]
    [InlineData("/usr/sbin/mysqld  Ver 8.4.0 for Linux on x86_64 (MySQL Community Server - GPL)", "8.4.0")]
    [InlineData("/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))", "9.7.4")]
    [InlineData("mysqld  Ver 10.0.1 for Linux on x86_64", "10.0.1")]
    public void From_8_4_on_any_will_do(string printed, string version) =>
        Assert.Equal(Version.Parse(version), EngineVersion.MySqlOf(printed));

    [Theory]
    [InlineData("mysqld  Ver 8.0.46-1 for Linux on x86_64 ((Debian))", "8.0.46")]
    [InlineData("mysqld  Ver 8.3.0 for Linux on x86_64 (MySQL Community Server - GPL)", "8.3.0")]
    [InlineData("mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)", "MariaDB")]
    [InlineData("chroot: failed to run command 'mysqld': No such file or directory", "No such file")]
    [InlineData("", "no MySQL")]
    public void Others_are_refused_with_what_was_found(string printed, string found) =>
        Assert.Contains(
            found, Assert.Throws<InvalidOperationException>(() => EngineVersion.MySqlOf(printed)).Message, StringComparison.Ordinal);
}
