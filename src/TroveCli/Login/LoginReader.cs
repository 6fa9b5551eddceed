using Dbaas.TroveCli.Failures;

namespace Dbaas.TroveCli.Login;

/// <summary>
/// Puts a login together as OpenStack's SDK does: of the cloud that is named, or else of the environment, or else of the only cloud of a
/// clouds.yaml. What the command line says comes before either.
/// </summary>
/// <param name="environment">The variables.</param>
/// <param name="askSecret">Asks for a password; null: nobody is there.</param>
internal sealed class LoginReader(Func<string, string?> environment, Func<string, string>? askSecret)
{
    private const string HowToLogIn =
        "Log in first: `. .dbaas/openrc` (`./dbaas up` writes it into the state folder), or name a cloud of a clouds.yaml with --os-cloud.";

    private Dictionary<string, string> words = [];
    private string? cloud;

    /// <param name="cloudName">--os-cloud.</param>
    /// <param name="given">What the command line says, under OpenStack's names.</param>
    /// <exception cref="UsageException">Something is missing, or cannot be understood.</exception>
    public LoginSettings Read(string? cloudName, IReadOnlyDictionary<string, string> given)
    {
        words = Base(cloudName ?? Variable("OS_CLOUD"), alone: !given.ContainsKey("auth_url"));
        foreach (var (name, value) in given)
        {
            words[name] = value;
        }

        var type = Type();
        var isDirect = type == "admin_token";
        return new LoginSettings
        {
            AuthUrl = isDirect ? null : AuthUrl(),
            Credential = type switch
            {
                "password" => new PasswordCredential(User(), Word("password") ?? Ask()),
                "application_credential" => ApplicationCredential(),
                _ => new TokenCredential(Needed("token")),
            },
            Project = type == "application_credential" || isDirect ? null : Project(isNeeded: type == "password"),
            Region = Word("region_name"),
            Interface = (Word("interface") ?? "public").Replace("URL", "", StringComparison.Ordinal),
            Endpoint = Endpoint(isNeeded: isDirect),
            CaCertificateFile = Word("cacert"),
            Insecure = Word("insecure")?.ToUpperInvariant() is "1" or "TRUE" or "YES",
            Origin = cloud ?? type switch
            {
                "password" => "OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME",
                "application_credential" => "the OS_APPLICATION_CREDENTIAL_… variables",
                _ => "OS_TOKEN, which may have run out",
            },
        };
    }

    private Dictionary<string, string> Base(string? name, bool alone)
    {
        if (name is null)
        {
            var ofEnvironment = OfEnvironment();
            var isComplete = ofEnvironment.ContainsKey("auth_url") || ofEnvironment.ContainsKey("endpoint") || !alone;
            return isComplete || Clouds() is not { Names.Count: 1 } file ? ofEnvironment : Of(file, file.Names.Single());
        }

        var clouds = Clouds() ?? throw new UsageException(
            $"There is no clouds.yaml with a cloud '{name}': looked for in this folder, ~/.config/openstack and /etc/openstack.");
        return Of(clouds, name);
    }

    private CloudsFile? Clouds() => CloudsFile.Find(environment, Directory.GetCurrentDirectory());

    private Dictionary<string, string> Of(CloudsFile file, string name)
    {
        cloud = $"cloud '{name}' of {file.Path}";
        return file.Of(name) ?? throw new UsageException(
            $"{file.Path} has no cloud '{name}'; it has: {string.Join(", ", file.Names.Order(StringComparer.Ordinal))}.");
    }

    private Dictionary<string, string> OfEnvironment()
    {
        var found = new Dictionary<string, string>();
        string[] formerly = ["tenant_name", "tenant_id", "auth_token", "endpoint_type", "database_endpoint_override", "insecure"];
        foreach (var name in formerly.Concat(LoginWords.All.Select(word => word.Name)))
        {
            if (Variable(LoginWord.VariableOf(name)) is { } value)
            {
                found[LoginWords.Modern(name)] = value;
            }
        }

        return found;
    }

    private string Type() => Word("auth_type") switch
    {
        null when Word("token") is not null => Word("endpoint") is not null && Word("auth_url") is null ? "admin_token" : "token",
        null when Word("application_credential_secret") is not null => "application_credential",
        null or "password" or "v3password" => "password",
        "token" or "v3token" => "token",
        "v3applicationcredential" => "application_credential",
        "admin_token" or "token_endpoint" => "admin_token",
        var other => throw new UsageException(
            $"This client does not log in by '{other}': it knows password, token, v3applicationcredential and admin_token."),
    };

    private Uri AuthUrl()
    {
        var url = Url("auth_url", "http://127.0.0.1:5000/v3").TrimEnd('/');
        return new Uri(url.EndsWith("/v3", StringComparison.Ordinal) ? url : url + "/v3");
    }

    private string Url(string name, string example)
    {
        var url = Needed(name);
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is ("http" or "https")
            ? url
            : throw new UsageException($"{Called(name)} is not a URL: '{url}'. Example: {example}");
    }

    /// <summary>The API's address where that is said.</summary>
    private string? Endpoint(bool isNeeded) =>
        isNeeded || Word("endpoint") is not null ? Url("endpoint", "http://127.0.0.1:8779/v1.0/<project id>") : null;

    private NameInDomain User() =>
        new(Word("user_id"), Word("user_id") is null ? Needed("username") : null, Domain("user_domain"));

    private NameInDomain? Project(bool isNeeded)
    {
        var project = new NameInDomain(Word("project_id"), Word("project_name"), Domain("project_domain"));
        return project.IsGiven ? project : isNeeded ? throw Missing("project_name") : null;
    }

    private ApplicationCredential ApplicationCredential()
    {
        var id = Word("application_credential_id");
        var name = id is null ? Word("application_credential_name") ?? throw Missing("application_credential_id") : null;
        var user = id is null ? User() : new NameInDomain(null, null, Domain("user_domain"));
        return new ApplicationCredential(id, name, user, Needed("application_credential_secret"));
    }

    private DomainName Domain(string whose)
    {
        var said = new DomainName(Word($"{whose}_id") ?? Word("domain_id"), Word($"{whose}_name") ?? Word("domain_name"));
        return said is { Id: null, Name: null } ? new DomainName(Word("default_domain"), null) : said;
    }

    private string Ask() => askSecret is null ? throw Missing("password") : askSecret("Password: ");

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    private string? Word(string name) => words.GetValueOrDefault(name);

    private string Needed(string name) => Word(name) ?? throw Missing(name);

    /// <summary>As the user would write it.</summary>
    private string Called(string name) => cloud is null ? LoginWord.VariableOf(name) : $"{name} in {cloud}";

    private UsageException Missing(string name) => new(
        cloud is null ? $"{LoginWord.VariableOf(name)} is not set. {HowToLogIn}" : $"There is no {name} in {cloud}.");
}
