using NewLoom.Gateway;
using NewLoom.Gateway.Cluster;
using NewLoom.Gateway.Health;
using NewLoom.Gateway.Hosting;
using NewLoom.Gateway.Telemetry;

return await new StartUp().RunAsync(async startUp =>
{
    var builder = startUp.NewBuilder(args);
    builder.UseListenUrls();
    builder.AddNewLoomHealth();
    builder.AddNewLoomTelemetry();
    builder.AddNewLoomClusterClient();
    builder.AddNewLoomGateway();

    var app = builder.Build();
    await app.CheckClusterAsync();
    app.UseManagementPort();
    app.UseNewLoomHealth();
    app.UseNewLoomMetrics();
    app.UseNewLoomGateway();
    await startUp.ServeAsync(app);
});
