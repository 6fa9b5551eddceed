namespace Dbaas.Hosting.Configuration;

/// <summary>The files that make clients log in: <c>. openrc</c>.</summary>
internal static class Openrc
{
    public static string Text(string identityUrl, string apiUrl, UserSetting user) =>
        $"""
        # Makes openstack, trove and other clients use this service: . openrc
        export OS_AUTH_URL={Quote(identityUrl)}
        export OS_IDENTITY_API_VERSION=3
        export OS_USERNAME={Quote(user.Name)}
        export OS_PASSWORD={Quote(user.Password)}
        export OS_PROJECT_NAME={Quote(user.Project)}
        export OS_USER_DOMAIN_NAME=Default
        export OS_PROJECT_DOMAIN_NAME=Default
        export OS_REGION_NAME=RegionOne
        export DBAAS_API_URL={Quote(apiUrl)}
        unset OS_CLOUD OS_AUTH_TYPE OS_TOKEN OS_AUTH_TOKEN OS_USER_ID OS_USER_DOMAIN_ID OS_PROJECT_ID OS_PROJECT_DOMAIN_ID
        unset OS_TENANT_NAME OS_TENANT_ID OS_DOMAIN_ID OS_DOMAIN_NAME OS_ENDPOINT OS_INTERFACE OS_CACERT
        unset OS_APPLICATION_CREDENTIAL_ID OS_APPLICATION_CREDENTIAL_NAME OS_APPLICATION_CREDENTIAL_SECRET

        """;

    /// <summary>Where to log in; as whom is the reader's to say.</summary>
    public static string WithoutUser(string identityUrl, string apiUrl) =>
        $"""
        # Where this service's users log in. Who you are, set yourself: OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME, and the domains of both.
        export OS_AUTH_URL={Quote(identityUrl)}
        export OS_IDENTITY_API_VERSION=3
        export DBAAS_API_URL={Quote(apiUrl)}

        """;

    // A POSIX shell reads this file: single quotes protect everything but themselves.
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
