using System.Security.Cryptography;
using System.Text;

namespace Dbaas.Identity.BuiltIn;

/// <summary>Looks users and projects up.</summary>
internal sealed class Registry(BuiltInIdentityOptions options)
{
    public const string DomainId = "default";
    public const string DomainName = "Default";

    public IReadOnlyList<BuiltInProject> Projects => options.Projects;

    public BuiltInUser? UserById(string id) => options.Users.FirstOrDefault(user => user.Id == id);

    public BuiltInUser? UserByName(string name) => options.Users.FirstOrDefault(user => user.Name == name);

    public BuiltInProject? ProjectById(string id) => options.Projects.FirstOrDefault(project => project.Id == id);

    public BuiltInProject? ProjectByName(string name) => options.Projects.FirstOrDefault(project => project.Name == name);

    public IEnumerable<BuiltInProject> ProjectsOf(BuiltInUser user) =>
        options.Projects.Where(project => RolesOf(user, project.Id).Count > 0);

    public static IReadOnlyList<string> RolesOf(BuiltInUser user, string projectId) => user.Roles.GetValueOrDefault(projectId) ?? [];

    /// <summary>Differs from that of any other password; says nothing of it without the key under which tokens are sealed.</summary>
    public static string PasswordMark(BuiltInUser user) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{user.Id}\0{user.Password}")));

    /// <summary>Takes the same time for every wrong answer, an unknown user among them.</summary>
    public static bool PasswordIsRight(BuiltInUser? user, string password)
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(user?.Password ?? ""), expected);
        SHA256.HashData(Encoding.UTF8.GetBytes(password), given);
        return CryptographicOperations.FixedTimeEquals(expected, given) && user is not null;
    }
}
