using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using NewLoom.Gateway.Api;
using NewLoom.Gateway.Authentication;
using NewLoom.Gateway.Security;

namespace NewLoom.Gateway.Limits;

/// <summary><see cref="AddressLimits"/> as ASP.NET Core's rate limiter asks them: lets requests through that hold no
/// credential, or whose address is not blocked.</summary>
/// <remarks>It only looks. What is counted is a failure, and that is known after the request has been let
/// through.</remarks>
internal sealed class BlockedAddresses(Authenticator authenticator, AddressLimits limits)
    : PartitionedRateLimiter<HttpContext>
{
    private static readonly Lease Free = new(retryAfter: null);

    /// <summary>Answers a request that was not let through.</summary>
    public static async ValueTask RefuseAsync(OnRejectedContext refused, CancellationToken cancellationToken)
    {
        var context = refused.HttpContext;
        var events = context.RequestServices.GetRequiredService<SecurityEvents>();
        events.Refused(RefusalKind.AuthenticationThrottled, user: null, context.Connection.RemoteIpAddress);
        var wait = refused.Lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : default;
        await Problems.Throttled(wait).ExecuteAsync(context);
    }

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) =>
        authenticator.HasCredential(resource)
        && limits.FindBlock(resource.Connection.RemoteIpAddress) is { } wait ? new Lease(wait) : Free;

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(resource, permitCount));    // nobody waits

    private sealed class Lease(TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = metadataName == MetadataName.RetryAfter.Name ? retryAfter : null;
            return metadata is not null;
        }
    }
}
