using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using NewLoom.Chats;
using NewLoom.Gateway;
using NewLoom.Gateway.Cluster;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace NewLoom.Tests.Cluster;

/// <summary>What a gateway makes of calls that no silo answers.</summary>
public sealed class BrokenCallsTests : IDisposable
{
    private readonly ClusterConnection _connection =
        new ClusterConnection(TimeProvider.System, NullLogger<ClusterConnection>.Instance).InProcess();

    [Fact]
    public async Task Call_IsUnavailable_WhenTheClusterHasGivenItUp()
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(CancellationToken.None));

        Assert.IsType<SiloUnavailableException>(fault);
        Assert.True(Faults.IsUnavailable(fault));
    }

    [Fact]
    public async Task Call_IsCancelled_WhenItsCallerCancelsIt() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallAsync(new CancellationToken(canceled: true)));

    public void Dispose() => _connection.Dispose();

    private Task CallAsync(CancellationToken cancellationToken)
    {
        var context = DispatchProxy.Create<IOutgoingGrainCallContext, FakeCall>();
        ((FakeCall)context).Request = DispatchProxy.Create<IInvokable, FakeRequest>();
        ((FakeRequest)((FakeCall)context).Request).CancellationToken = cancellationToken;
        return new BrokenCalls(_connection).Invoke(context);
    }

    /// <summary>A call that ends as Orleans ends one that waited too long for a dead silo.</summary>
    public class FakeCall : DispatchProxy
    {
        public object Request { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            "get_InterfaceMethod" => typeof(IChatGrain).GetMethods()[0],
            "get_Request" => Request,
            "Invoke" => Task.FromException(new OperationCanceledException("Message expired")),
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }

    public class FakeRequest : DispatchProxy
    {
        public CancellationToken CancellationToken { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IInvokable.GetCancellationToken)
                ? CancellationToken
                : throw new NotSupportedException(targetMethod.Name);
    }
}
