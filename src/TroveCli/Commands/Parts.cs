using System.CommandLine;

namespace Dbaas.TroveCli.Commands;

/// <summary>Arguments and options that several commands share.</summary>
internal static class Parts
{
    public static Argument<string> Instance() => Required("instance", "Id or name of the instance.");

    public static Argument<string> Required(string name, string description) =>
        new(name) { Description = description };

    public static Argument<string?> Maybe(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <summary>An option under Trove's name (with underscores) and with dashes.</summary>
    public static Option<string?> Text(string name, string placeholder, string description) =>
        Named<string?>(name, placeholder, description);

    public static Option<int?> Number(string name, string placeholder, string description) =>
        Named<int?>(name, placeholder, description);

    public static Option<string[]> Several(string name, string placeholder, string description)
    {
        var option = Named<string[]>(name, placeholder, description);
        option.AllowMultipleArgumentsPerToken = true;
        option.Arity = ArgumentArity.OneOrMore;
        return option;
    }

    public static Option<bool> Flag(string name, string description) => Named<bool>(name, null, description);

    /// <summary>A secret: asked for without echo when the option has no value.</summary>
    public static Option<string?> Secret(string name, string description)
    {
        var option = Text(name, "password", description);
        option.Arity = ArgumentArity.ZeroOrOne;
        return option;
    }

    private static Option<T> Named<T>(string name, string? placeholder, string description)
    {
        string[] alias = name.Contains('_', StringComparison.Ordinal) ? ["--" + name.Replace('_', '-')] : [];
        return new Option<T>("--" + name, alias) { Description = description, HelpName = placeholder };
    }
}
