using Dbaas.Domain.Guests;
using Dbaas.TaskManager.Guests.Releases;

namespace Dbaas.TaskManager.Tests.Guests;

public sealed class AgentReleaseFileTests : IDisposable
{
    private static readonly string Hash = new('A', 64);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("release-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("program", """{ "version": "1.2", "sha256": "HASH" }""", true)]
    [InlineData("program", """{ "version": "", "sha256": "HASH" }""", false)]
    [InlineData("program", """{ "version": "1.2", "sha256": "short" }""", false)]
    [InlineData("program", """{ "version": "1.2" }""", false)]
    [InlineData("program", "null", false)]
    [InlineData("program", "{ half", false)]
    [InlineData("program", null, false)]
    [InlineData("", """{ "version": "1.2", "sha256": "HASH" }""", false)]
    [InlineData(null, """{ "version": "1.2", "sha256": "HASH" }""", false)]
    public void A_release_is_a_program_and_what_is_said_of_it(string? program, string? description, bool isOne)
    {
        var path = Path.Combine(folder.FullName, "agent");
        Write(path, program);
        Write(path + AgentReleaseFile.Suffix, description?.Replace("HASH", Hash, StringComparison.Ordinal));

        var release = new AgentReleaseFile(path).Read();

        Assert.Equal(isOne ? new AgentRelease { Version = "1.2", Sha256 = Hash.ToLowerInvariant(), Size = 7 } : null, release);
    }

    [Fact]
    public void Only_the_release_that_is_there_is_given_out()
    {
        var path = Path.Combine(folder.FullName, "agent");
        Write(path, "program");
        Write(path + AgentReleaseFile.Suffix, $$"""{ "version": "1.2", "sha256": "{{Hash}}" }""");
        var file = new AgentReleaseFile(path);

        using (var program = file.Open(Hash.ToLowerInvariant()))
        {
            Assert.Equal(7, program!.Length);
        }

        Assert.Null(file.Open(new string('b', 64)));
        Assert.Null(new AgentReleaseFile(program: null).Open(Hash.ToLowerInvariant()));
    }

    private static void Write(string path, string? content)
    {
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }
    }
}
