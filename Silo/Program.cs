using NewLoom.Gateway;
using NewLoom.Gateway.Health;
using NewLoom.Gateway.Hosting;
using NewLoom.Gateway.Telemetry;
using NewLoom.Silo;

var start = new StartUp { IsForOperator = SiloStartUp.IsForOperator, SectionOf = SiloStartUp.SectionOf };
return await start.RunAsync(async startUp =>
{
    var builder = startUp.NewBuilder(args);
    builder.UseListenUrls();
    builder.AddNewLoomHealth();
    builder.AddNewLoomTelemetry();
    var hasGateway = Settings.Flag(builder.Configuration, "NewLoom:Gateway:Enabled", otherwise: true);
    using var database = await builder.AddNewLoomSiloAsync();
    if (hasGateway)
    {
        builder.AddGatewayOfSilo();
    }

    var app = builder.Build();
    app.UseManagementPort();
    app.UseNewLoomHealth();
    app.UseNewLoomMetrics();
    if (hasGateway)
    {
        app.UseNewLoomGateway();
    }

    await startUp.ServeAsync(app);
});
