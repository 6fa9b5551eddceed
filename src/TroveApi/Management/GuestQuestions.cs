using Dbaas.GuestProtocol.Commands;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary>What only an instance's agent knows, asked by an administrator who waits. It need not have a database that works.</summary>
internal sealed class GuestQuestions(InstanceReader reader, GuestRequests guests)
{
    public async Task<Answer> HardwareAsync(ApiRequest request)
    {
        var seen = await guests.AskAsync<HardwareInfo>(await TargetAsync(request), new GetHardware(), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("hwinfo");
            json.WriteNumber("mem_total", seen.MemoryKb);
            json.WriteNumber("num_cpus", seen.Cpus);
            json.WriteEndObject();
        });
    }

    public async Task<Answer> DiagnosticsAsync(ApiRequest request)
    {
        var seen = await guests.AskAsync<AgentDiagnostics>(await TargetAsync(request), new GetDiagnostics(), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("diagnostics");
            json.WriteString("version", seen.Version);
            json.WriteNumber("threads", seen.Threads);
            json.WriteNumber("fdSize", seen.FdSize);
            json.WriteNumber("vmSize", seen.VmSize);
            json.WriteNumber("vmPeak", seen.VmPeak);
            json.WriteNumber("vmRss", seen.VmRss);
            json.WriteNumber("vmHwm", seen.VmHwm);
            json.WriteEndObject();
        });
    }

    public async Task<Answer> PingAsync(ApiRequest request)
    {
        await guests.TellAsync(await TargetAsync(request), new Ping(), request.Cancelled);
        return Answer.NoContent;
    }

    private async Task<string> TargetAsync(ApiRequest request)
    {
        Policy.RequireAdmin(request.Caller);
        return (await reader.FindAsync(request, request.Id("id"))).Instance.Id;
    }
}
