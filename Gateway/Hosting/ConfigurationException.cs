namespace NewLoom.Gateway.Hosting;

/// <summary>A configuration value is wrong; the message is one sentence that names its key.</summary>
internal sealed class ConfigurationException(string message) : Exception(message);
