using System.Collections;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Dbaas.Hosting.Configuration;

/// <summary>Reads the settings from where an operator writes them. What is no setting stops the start.</summary>
public static partial class SettingsReader
{
    private const string Prefix = "DBAAS_";

    // Whose names begin like those of settings, and who are none: what openrc tells our client, and what tests are told.
    private static readonly string[] OthersVariables = ["API_URL", "TEST_"];

    /// <summary>Reads a file; null: the defaults.</summary>
    /// <exception cref="InvalidDataException">It is no JSON, or names a setting that does not exist, or a value that does not
    /// fit.</exception>
    public static ServiceSettings Read(string? file) =>
        file is null ? new ServiceSettings() : Bind(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)), file);

    /// <summary>Reads a file, if there is one, and the environment, which wins.</summary>
    /// <param name="file">The file; null: none.</param>
    /// <param name="environment">All variables. <c>DBAAS_</c> and the name of a setting, <c>__</c> between the parts of a name.</param>
    /// <exception cref="InvalidDataException">As for a file.</exception>
    public static ServiceSettings Read(string? file, IDictionary environment)
    {
        // By itself first: what is wrong in it is not the environment's.
        _ = Read(file);
        var builder = new ConfigurationBuilder();
        if (file is not null)
        {
            builder.AddJsonFile(Path.GetFullPath(file));
        }

        return Bind(builder.AddInMemoryCollection(Settings(environment)), "The environment");
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(IDictionary environment) =>
        from DictionaryEntry variable in environment
        let name = (string)variable.Key
        where name.StartsWith(Prefix, StringComparison.Ordinal)
        let setting = name[Prefix.Length..]
        where !OthersVariables.Any(other => setting.StartsWith(other, StringComparison.Ordinal))
        select KeyValuePair.Create(setting.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value);

    private static ServiceSettings Bind(IConfigurationBuilder builder, string source)
    {
        try
        {
            return builder.Build().Get<ServiceSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ServiceSettings();
        }
        catch (InvalidOperationException e) when (UnknownSettings().Match(e.Message) is { Success: true } unknown)
        {
            throw new InvalidDataException(
                $"{source} names what is no setting: {unknown.Groups[1].Value}. docs/configuration.md lists them all.");
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{source} cannot be used.", e);
        }
    }

    // The binder says which, behind words of its own about itself.
    [GeneratedRegex(@"BinderOptions, but the following properties were not found on the instance of [^:]+: (.+)$")]
    private static partial Regex UnknownSettings();
}
