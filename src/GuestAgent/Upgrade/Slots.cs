using System.Text.Json;
using Dbaas.Files;
using Dbaas.GuestAgent.Files;

namespace Dbaas.GuestAgent.Upgrade;

/// <summary>
/// Two places for a release of the agent, and the record that says which one counts. A file in a slot is whole: it came by a rename.
/// </summary>
internal sealed class Slots
{
    private const string Program = "Dbaas.GuestAgent";

    private static readonly string[] Names = ["a", "b"];

    private readonly string folder;

    public Slots(string statePath)
    {
        folder = Path.Combine(statePath, "slots");
        PrivateFile.EnsureFolder(folder);
    }

    private string RecordPath => Path.Combine(folder, "slots.json");

    /// <summary>A record that cannot be read is none: the program that the server came with is always there.</summary>
    public SlotRecord Read()
    {
        try
        {
            return PrivateFile.ReadJson(RecordPath, SlotContext.Default.SlotRecord) ?? new SlotRecord();
        }
        catch (JsonException)
        {
            return new SlotRecord();
        }
    }

    /// <summary>On the disk when the call returns.</summary>
    public void Write(SlotRecord record) => PrivateFile.WriteJson(RecordPath, record, SlotContext.Default.SlotRecord);

    /// <summary>The program of a slot.</summary>
    public string PathOf(string slot) => Path.Combine(folder, slot, Program);

    /// <summary>A slot that holds nothing which counts.</summary>
    public static string FreeIn(SlotRecord record) => Names.First(name => name != record.Current?.Slot);

    /// <summary>Fills a slot. What was in it is not started any more.</summary>
    /// <param name="slot">Which.</param>
    /// <param name="write">Writes the program, or throws; a half-written one is never seen.</param>
    public async Task FillAsync(string slot, Func<Stream, Task> write)
    {
        var path = PathOf(slot);
        var temporary = path + ".new";
        PrivateFile.EnsureFolder(Path.GetDirectoryName(path)!);
        File.Delete(temporary);
        try
        {
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            }))
            {
                await write(file);
                await file.FlushAsync();
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            // The disk is small, and what is half is of no use.
            File.Delete(temporary);
            throw;
        }

        Folder.Flush(Path.GetDirectoryName(path)!);
        Folder.Flush(folder);
    }
}
