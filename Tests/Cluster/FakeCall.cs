using System.Reflection;
using NewLoom.Chats;
using Orleans.Serialization.Invocation;

namespace NewLoom.Tests.Cluster;

/// <summary>A call of a grain as a filter sees it.</summary>
public class FakeCall : DispatchProxy
{
    private CancellationToken _cancellationToken;
    private Func<Task> _invoke = () => Task.CompletedTask;

    /// <summary>Makes one.</summary>
    /// <param name="invoke">What happens at each try.</param>
    /// <param name="cancellationToken">The token that its caller gave it.</param>
    public static IOutgoingGrainCallContext Of(Func<Task> invoke, CancellationToken cancellationToken = default)
    {
        var context = Create<IOutgoingGrainCallContext, FakeCall>();
        var call = (FakeCall)context;
        (call._invoke, call._cancellationToken) = (invoke, cancellationToken);
        return context;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_InterfaceMethod" => typeof(IChatGrain).GetMethods()[0],
        "get_Request" => FakeRequest.Of(_cancellationToken),
        "Invoke" => _invoke(),
        _ => throw new NotSupportedException(targetMethod.Name),
    };

    public class FakeRequest : DispatchProxy
    {
        private CancellationToken _cancellationToken;

        public static IInvokable Of(CancellationToken cancellationToken)
        {
            var request = Create<IInvokable, FakeRequest>();
            ((FakeRequest)request)._cancellationToken = cancellationToken;
            return request;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IInvokable.GetCancellationToken)
                ? _cancellationToken
                : throw new NotSupportedException(targetMethod.Name);
    }
}
