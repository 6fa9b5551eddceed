namespace Dbaas.TroveApi.Accounts;

/// <summary>A user as addresses name it: <c>name</c> or <c>name@host</c>; the last <c>@</c> splits.</summary>
internal readonly record struct UserId(string Name, string Host)
{
    public static UserId Parse(string text)
    {
        var at = text.LastIndexOf('@');
        var host = at < 0 ? AccountBodies.AnyHost : AccountBodies.Host(text[(at + 1)..]);
        AccountRules.Host(host);
        return new UserId(at < 0 ? text : text[..at], host);
    }

    public override string ToString() => $"{Name}@{Host}";
}
