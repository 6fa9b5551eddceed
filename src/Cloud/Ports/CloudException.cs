namespace Dbaas.Cloud.Ports;

/// <summary>The one exception of the ports. The message is a sentence for the user and never holds a secret.</summary>
public sealed class CloudException : Exception
{
    /// <summary>A fault, and whether trying again makes sense.</summary>
    public CloudException(string message, bool isTransient, Exception? inner = null, string? details = null)
        : base(message, inner)
    {
        IsTransient = isTransient;
        Details = details;
    }

    /// <summary>Trying again may help.</summary>
    public bool IsTransient { get; }

    /// <summary>More for administrators (service, request id, what it answered), without secrets; or null.</summary>
    public string? Details { get; }

    /// <summary>For logs: with the details, which the message leaves out. They come first: they are what administrators look for.</summary>
    public override string ToString() => Details is { Length: > 0 } ? $"{Details}\n{base.ToString()}" : base.ToString();
}
