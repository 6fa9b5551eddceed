namespace Dbaas.TroveCli.Login;

/// <summary>
/// The words of a login under OpenStack's names: <c>auth_url</c> is OS_AUTH_URL in the environment, --os-auth-url on the command line,
/// and auth_url in a clouds.yaml.
/// </summary>
internal static class LoginWords
{
    public static IReadOnlyList<LoginWord> All { get; } =
    [
        new("auth_url", "url", "Where to log in (Keystone v3)."),
        new("auth_type", "type", "password, token, v3applicationcredential or admin_token; by default what the other words say."),
        new("username", "name", "Who logs in."),
        new("user_id", "id", "The same by id."),
        new("password", "password", "The password; asked for when it is nowhere. Others on the machine can see command lines."),
        new("user_domain_name", "name", "The domain of the user; Default by default."),
        new("user_domain_id", "id", "The same by id."),
        new("project_name", "name", "Whose databases."),
        new("project_id", "id", "The same by id."),
        new("project_domain_name", "name", "The domain of the project; Default by default."),
        new("project_domain_id", "id", "The same by id."),
        new("domain_name", "name", "The domain of both."),
        new("domain_id", "id", "The same by id."),
        new("default_domain", "id", "The domain where none is named."),
        new("token", "token", "A token instead of a password."),
        new("application_credential_id", "id", "An application credential instead of a password."),
        new("application_credential_name", "name", "The same by name, with its user."),
        new("application_credential_secret", "secret", "The secret of the application credential."),
        new("region_name", "region", "The region of the database API."),
        new("interface", "interface", "Which address of the catalogue: public (the default), internal or admin."),
        new("endpoint", "url", "The database API's address, instead of the catalogue's."),
        new("cacert", "file", "The certificate authority to trust, a PEM file."),
    ];

    /// <summary>Names that mean the same, of former times or of one client.</summary>
    public static string Modern(string name) => name.Replace('-', '_') switch
    {
        "tenant_name" => "project_name",
        "tenant_id" => "project_id",
        "auth_token" => "token",
        "auth_plugin" => "auth_type",
        "endpoint_type" => "interface",
        "database_endpoint_override" => "endpoint",
        var modern => modern,
    };
}

/// <summary>One of them.</summary>
internal sealed record LoginWord(string Name, string Placeholder, string Description)
{
    public string Variable => VariableOf(Name);

    public string Option => "--os-" + Name.Replace('_', '-');

    public static string VariableOf(string name) => "OS_" + name.ToUpperInvariant();
}
