using System.Reflection;
using Microsoft.Extensions.Logging;
using NewLoom.Gateway.Authentication;
using NewLoom.Grains.Storage;
using NewLoom.PushStreams;
using NewLoom.Silo;

namespace NewLoom.Tests.Security;

/// <summary>Rules of a log's reader hang on the ids of events.</summary>
public sealed class LogEventTests
{
    private const BindingFlags All =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void EachEvent_HasAnIdOfItsOwn()
    {
        Assembly[] assemblies =
        [
            typeof(OriginRules).Assembly, typeof(StorageOptions).Assembly, typeof(PushStreamOptions).Assembly,
            typeof(SiloOptions).Assembly,
        ];
        var ids = assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(All))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .Where(message => message is not null)
            .Select(message => message!.EventId)
            .ToList();

        Assert.True(ids.Count > 30);
        Assert.Empty(ids.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));
    }
}
