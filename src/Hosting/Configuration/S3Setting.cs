namespace Dbaas.Hosting.Configuration;

/// <summary>A bucket of a store that speaks S3.</summary>
public sealed record S3Setting
{
    /// <summary>The store's address, which guests reach too.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>As signatures call where it is.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>There already, and for nothing else.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>As whom.</summary>
    public string AccessKey { get; init; } = "";

    /// <summary>A secret.</summary>
    public string SecretKey { get; init; } = "";

    /// <summary>The store knows writes on the condition that there is no such object yet.</summary>
    public bool WriteOnce { get; init; } = true;

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Endpoint} {Bucket} as {AccessKey}";
}
