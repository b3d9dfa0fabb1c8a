using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NewLoom.PushStreams;
using Orleans.Hosting;

namespace NewLoom.Tests.PushStreams;

public sealed class PushStreamOptionsTests
{
    [Fact]
    public async Task Start_FailsWithEveryWrongValue()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddPushStreams("push", options =>
        {
            options.BacklogCount = 0;
            options.IdleLimit = TimeSpan.FromMinutes(11);
        }));
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(
            [
                "BacklogCount of push streams 'push' is 0, but must be from 1 to 1000000.",
                "IdleLimit of push streams 'push' is 00:11:00, but must be from 00:00:01 to 00:10:00.",
            ],
            failure.Failures);
    }

    [Fact]
    public void Defaults_AreValid() =>
        Assert.True(new PushStreamOptionsValidator().Validate("push", new PushStreamOptions()).Succeeded);
}
