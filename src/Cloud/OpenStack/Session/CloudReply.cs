using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>What a service answered. A class, not a record: Keystone's answer has the token in it.</summary>
internal sealed class CloudReply(CloudRequest request, HttpStatusCode status, byte[] body, string? requestId, TimeSpan? retryAfter)
{
    public CloudRequest Request { get; } = request;

    public HttpStatusCode Status { get; } = status;

    public string? RequestId { get; } = requestId;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    public HttpResponseHeaders? Headers { private get; init; }

    /// <summary>As the service says, also where it sends none of it.</summary>
    public long? Length { get; init; }

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The service itself says so: what stands before it (a proxy without a backend) has no request ids.</summary>
    public bool IsMissing => Status == HttpStatusCode.NotFound && RequestId is not null;

    /// <summary>What is asked for does not go with the state that the thing is in.</summary>
    public bool IsConflict => Status == HttpStatusCode.Conflict;

    public ServiceError Error => ServiceError.Read(body);

    public string? Header(string name) => Headers is not null && Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>Those whose names begin so, by the rest of their names in lower case.</summary>
    public IReadOnlyDictionary<string, string> HeadersFrom(string prefix) => Headers!
        .Where(header => header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(header => header.Key[prefix.Length..].ToLowerInvariant(), header => header.Value.First());

    public CloudReply Required() => IsSuccess ? this : throw Faults.Of(this);

    public byte[] Content => IsSuccess ? body : throw Faults.Of(this);

    public T Read<T>(JsonTypeInfo<T> type)
    {
        Required();
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Faults.Unreadable(this, null);
        }
        catch (JsonException e)
        {
            throw Faults.Unreadable(this, e);
        }
    }

    /// <summary>Null when it is not there.</summary>
    public T? ReadOrNull<T>(JsonTypeInfo<T> type)
        where T : class => IsMissing ? null : Read(type);

    /// <summary>As a fault that may pass, whatever the status says.</summary>
    public CloudException NotNow()
    {
        var fault = Faults.Of(this);
        return new CloudException(fault.Message, isTransient: true, details: fault.Details);
    }

    public CloudException Refusal(string sentence) => Faults.Refused(this, sentence);
}
