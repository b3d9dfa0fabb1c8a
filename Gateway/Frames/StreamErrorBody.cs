using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>An error of an execution, the same in frames and in the HTTP API.</summary>
/// <param name="Message">For people.</param>
/// <param name="Code">For programs.</param>
/// <param name="Timestamp">When the service took it.</param>
internal sealed record StreamErrorBody(string Message, string Code, DateTimeOffset Timestamp)
{
    public static StreamErrorBody Of(StreamError error) => new(error.Message, error.Code, error.Timestamp);
}
