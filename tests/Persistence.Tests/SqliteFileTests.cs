using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence.Tests;

public sealed class SqliteFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_control_database_is_its_owners_only_also_one_that_was_not(bool isOld)
    {
        var folder = Directory.CreateTempSubdirectory("dbp");
        try
        {
            var path = Path.Combine(folder.FullName, "control.sqlite");
            if (isOld)
            {
                File.WriteAllBytes(path, []);
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            }

            using (var connection = new SqliteDialect(path, TimeProvider.System).Open())
            {
                using var command = connection.CreateCommand();
                command.CommandText = "CREATE TABLE t (id INT); INSERT INTO t VALUES (1)";
                command.ExecuteNonQuery();
                Assert.All(folder.GetFiles(), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
