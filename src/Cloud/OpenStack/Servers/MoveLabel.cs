using Dbaas.Cloud.OpenStack.Nova;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>A server's label about its resize or move.</summary>
/// <param name="Move">What was begun.</param>
/// <param name="Latest">The request id of Nova's latest action before it; <c>done</c> once it was confirmed.</param>
internal sealed record MoveLabel(string Move, string Latest)
{
    private const char Between = ' ';

    public static MoveLabel? Of(NovaServer server) =>
        server.Metadata.TryGetValue(Marks.MoveLabel, out var text) && text.LastIndexOf(Between) is > 0 and var at
            ? new MoveLabel(text[..at], text[(at + 1)..])
            : null;

    public override string ToString() => $"{Move}{Between}{Latest}";
}
