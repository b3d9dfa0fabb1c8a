using System.Net;
using NewLoom.Gateway.Limits;

namespace NewLoom.Gateway.Security;

/// <summary>Says who was refused and why: one structured event for each kind, and a metric.</summary>
/// <remarks>
/// <para>What is said never holds a secret: a user that is known, or else the address.</para>
/// <para>Whoever is refused is written about at once, and for what follows once in a <see cref="Window"/> with how
/// often it was; so an attack can neither flood the log nor stay out of it. The metric counts each refusal.</para>
/// </remarks>
internal sealed partial class SecurityEvents : IDisposable
{
    /// <summary>The least time between two lines of one kind about one user or address.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Users and addresses that have lines of their own at a time, of each kind; for those above it there is one
    /// line a kind.</summary>
    public const int SubjectCountMax = 200;

    private readonly Dictionary<Subject, Refusals> _recent = [];
    private readonly int[] _counts = new int[Enum.GetValues<RefusalKind>().Length];
    private readonly ILogger<SecurityEvents> _logger;
    private readonly IdentityMetrics _metrics;
    private readonly ITimer _timer;

    public SecurityEvents(ILogger<SecurityEvents> logger, IdentityMetrics metrics, TimeProvider time)
    {
        _logger = logger;
        _metrics = metrics;
        _timer = time.CreateTimer(_ => EndWindow(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Who is refused for what; neither user nor address: all for whom there was no room.</summary>
    private readonly record struct Subject(RefusalKind Kind, string? User, AddressBlock? Address);

    /// <summary>Says that somebody was refused.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="user">Who, where that is known.</param>
    /// <param name="address">From where.</param>
    public void Refused(RefusalKind kind, string? user, IPAddress? address)
    {
        user = string.IsNullOrEmpty(user) ? null : user;
        _metrics.Refused(kind);
        var from = user is null && address is not null ? AddressBlock.Of(address) : (AddressBlock?)null;
        if (TryCountAsNew(new Subject(kind, user, from), address))
        {
            Log.Refused(_logger, kind, RefusalReason.Of(kind), user, address, count: 1);
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <returns>Whether there is to be a line now; otherwise it is counted for one at the window's end.</returns>
    private bool TryCountAsNew(Subject subject, IPAddress? address)
    {
        lock (_recent)
        {
            if (_recent.Count == 0)
            {
                _timer.Change(Window, Timeout.InfiniteTimeSpan);
            }

            if (_recent.TryGetValue(subject, out var known))
            {
                known.Add(address);
                return false;
            }

            if (_counts[(int)subject.Kind] < SubjectCountMax)
            {
                _counts[(int)subject.Kind]++;
                _recent.Add(subject, new Refusals());
                return true;
            }

            var rest = new Subject(subject.Kind, User: null, Address: null);
            if (!_recent.TryGetValue(rest, out var shared))
            {
                _counts[(int)subject.Kind]++;
                _recent.Add(rest, shared = new Refusals());
            }

            shared.Add(address: null);
            return false;
        }
    }

    private void EndWindow()
    {
        List<(Subject Subject, long Count, IPAddress? Address)> lines = [];
        lock (_recent)
        {
            foreach (var (subject, refusals) in _recent)
            {
                if (refusals.IsNew)
                {
                    refusals.IsNew = false;    // its line is younger than a window
                }
                else if (refusals.Count == 0)
                {
                    _counts[(int)subject.Kind]--;
                    _recent.Remove(subject);
                }
                else
                {
                    lines.Add((subject, refusals.Count, refusals.LastAddress));
                    refusals.Clear();
                }
            }

            if (_recent.Count > 0)
            {
                _timer.Change(Window, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var (subject, count, address) in lines)
        {
            Log.Refused(_logger, subject.Kind, RefusalReason.Of(subject.Kind), subject.User, address, count);
        }
    }

    /// <summary>What was not written about yet.</summary>
    private sealed class Refusals
    {
        public bool IsNew { get; set; } = true;

        public long Count { get; private set; }

        public IPAddress? LastAddress { get; private set; }

        public void Add(IPAddress? address) => (Count, LastAddress) = (Count + 1, address);

        public void Clear() => (Count, LastAddress) = (0, null);
    }
}
