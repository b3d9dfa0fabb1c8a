using NewLoom.Streams;

namespace NewLoom.Gateway.Frames;

/// <summary>An error that a publisher reports, the same in frames and in the HTTP API. A time that it names is ignored:
/// the service's counts.</summary>
/// <param name="Message">For people: 1 to 4,000 characters (Unicode scalar values), not only white space.</param>
/// <param name="Code">For programs: 1 to 64 characters.</param>
internal sealed record ReportedErrorBody(string Message, string Code)
{
    public ErrorReport ToReport() => new() { Message = Message, Code = Code };
}
