using Dbaas.Datastores.Contract;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>What a program said at its end.</summary>
internal static class ProcessResults
{
    extension(ProcessResult result)
    {
        /// <summary>The last line of its standard error.</summary>
        public string LastLine =>
            result.ErrorTail.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "no message";
    }
}
