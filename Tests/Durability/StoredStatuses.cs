using Microsoft.Data.Sqlite;
using NewLoom.Streams;

namespace NewLoom.Tests.Durability;

/// <summary>What a stream's table says, read past the service.</summary>
internal static class StoredStatuses
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Statuses and error codes in order, once the last one is there.</summary>
    public static async Task<List<string>> UntilAsync(string database, long streamId, string last, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(LookInterval);
        var end = TimeProvider.System.GetUtcNow() + limit;
        while (true)
        {
            var found = Read(database, streamId);
            if (found.LastOrDefault() == last || TimeProvider.System.GetUtcNow() > end)
            {
                return found;
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static List<string> Read(string database, long streamId)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT new_status, error_code FROM stream_events WHERE stream_id = @stream ORDER BY seq";
        command.Parameters.AddWithValue("@stream", streamId);
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.IsDBNull(0)
                ? reader.GetString(1)
                : ((StreamStatus)reader.GetInt32(0)).ToString().ToLowerInvariant());
        }

        return found;
    }
}
