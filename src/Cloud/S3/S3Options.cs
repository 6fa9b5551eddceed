namespace Dbaas.Cloud.S3;

/// <summary>A bucket, and as whom this service speaks with its store.</summary>
public sealed class S3Options
{
    /// <summary>The store's address.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>As signatures call where it is.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>There already, and for nothing else.</summary>
    public required string Bucket { get; init; }

    /// <summary>Who we are.</summary>
    public required string AccessKey { get; init; }

    /// <summary>A secret.</summary>
    public required string SecretKey { get; init; }

    /// <summary>
    /// The store knows writes on the condition that there is no such object yet (Amazon's does; Swift's S3 refuses them). Without, an
    /// agent could write an object a second time, as long as it may write it at all.
    /// </summary>
    public bool WriteOnce { get; init; } = true;

    /// <summary>For one try of one call.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{Endpoint} {Bucket} as {AccessKey}";
}
