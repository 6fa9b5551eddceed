using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dbaas.Testing.Services;

/// <summary>
/// Releases of the agent for a service to upgrade to. Another build takes a minute to publish; the same build with another version stamped
/// into it behaves as one.
/// </summary>
public sealed class AgentBuilds : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbr");

    /// <summary>Where the service finds its release: the setting <c>AgentRelease</c>.</summary>
    public string Path => System.IO.Path.Combine(folder.FullName, "Dbaas.GuestAgent");

    /// <summary>The published agent, which calls itself a version with this first digit.</summary>
    /// <returns>The version.</returns>
    /// <param name="paddingMb">What is put behind the program, so that it takes its time to arrive.</param>
    public string PutStamped(char digit, int paddingMb = 0)
    {
        var version = JsonDocument.Parse(File.ReadAllBytes(AgentProgram.Path + ".release.json")).RootElement.GetProperty("version")
            .GetString()!;
        var program = File.ReadAllBytes(AgentProgram.Path);

        // As an attribute's text is written in machine code: twice its length, and its letters.
        var stamp = Encoding.ASCII.GetBytes($"{(char)(version.Length * 2)}{version}");
        var found = 0;
        for (var at = program.AsSpan().IndexOf(stamp); at >= 0; found++)
        {
            program[at + 1] = (byte)digit;
            var next = program.AsSpan(at + 1).IndexOf(stamp);
            at = next < 0 ? -1 : at + 1 + next;
        }

        if (found == 0)
        {
            throw new InvalidOperationException($"The version {version} is nowhere in {AgentProgram.Path}.");
        }

        Array.Resize(ref program, program.Length + (paddingMb << 20));
        return Put(program, digit + version[1..]);
    }

    /// <summary>A program that is no agent: a script.</summary>
    /// <returns>The version.</returns>
    public string PutScript(string version, string script) => Put(Encoding.UTF8.GetBytes($"#!/bin/sh\n{script}\n"), version);

    /// <summary>The program is changed, and what is said of it is not.</summary>
    public void Spoil() => File.WriteAllText(Path, new string('x', (int)new FileInfo(Path).Length));

    /// <inheritdoc />
    public void Dispose() => folder.Delete(recursive: true);

    private string Put(byte[] program, string version)
    {
        // The program before what is said of it: a service that looks in between finds the old words, and a hash that does not fit.
        File.WriteAllBytes(Path, program);
        File.WriteAllText(
            Path + ".release.json", JsonSerializer.Serialize(new { version, sha256 = Convert.ToHexStringLower(SHA256.HashData(program)) }));
        return version;
    }
}
