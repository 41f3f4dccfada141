using System.Net;
using System.Text;
using System.Text.Json;

namespace Assay.Tests;

/// <summary>
/// A server on the loopback that speaks the Open Inference Protocol v2 for one model named "m". What it answers to a call
/// is a function of the numbers it was sent; tests make it misbehave.
/// </summary>
internal sealed class InferenceServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task loop;

    /// <param name="metadata">The body of GET v2/models/m.</param>
    /// <param name="infer">From the body of a call to status and body of the answer; null hangs up.</param>
    public InferenceServer(string metadata, Func<JsonElement, (int Status, string Body)?> infer)
    {
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        listener.Start();
        loop = Task.Run(() => Serve(metadata, infer));
    }

    public int Port { get; }

    /// <summary>The model's address.</summary>
    public string Address => $"http://127.0.0.1:{Port}/v2/models/m";

    /// <summary>Calls for scores so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Rows of all calls so far.</summary>
    public long Rows { get; private set; }

    /// <summary>The largest call.</summary>
    public long LargestCall { get; private set; }

    /// <summary>Seconds that the next answers ask to wait for, in the header Retry-After.</summary>
    public int? RetryAfter { get; set; }

    public void Dispose()
    {
        listener.Close();
        loop.Wait();
    }

    private void Serve(string metadata, Func<JsonElement, (int Status, string Body)?> infer)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = listener.GetContext();
            }
            catch (Exception e)
                when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            try
            {
                Answer(context, metadata, infer);
            }
            catch (Exception e)
                when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
            {
                // The client gave up, or the test is over.
            }
        }
    }

    private void Answer(
        HttpListenerContext context,
        string metadata,
        Func<JsonElement, (int Status, string Body)?> infer
    )
    {
        var path = context.Request.Url!.AbsolutePath;
        if (path == "/v2/models/m" && context.Request.HttpMethod == "GET")
        {
            Write(context, 200, metadata);
            return;
        }
        if (path != "/v2/models/m/infer" || context.Request.HttpMethod != "POST")
        {
            Write(context, 404, """{"error": "unknown model"}""");
            return;
        }
        using var call = JsonDocument.Parse(context.Request.InputStream);
        var rows = call.RootElement.GetProperty("inputs")[0].GetProperty("shape")[0].GetInt64();
        (Calls, Rows, LargestCall) = (Calls + 1, Rows + rows, Math.Max(LargestCall, rows));
        if (infer(call.RootElement) is { } answer)
            Write(context, answer.Status, answer.Body);
        else
            BreakOff(context);
    }

    // A status and the start of a body, and then nothing more.
    private static void BreakOff(HttpListenerContext context)
    {
        context.Response.ContentLength64 = 1000;
        context.Response.OutputStream.Write("{"u8);
        context.Response.OutputStream.Flush();
        context.Response.Abort();
    }

    private void Write(HttpListenerContext context, int status, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        if (RetryAfter is { } seconds)
            context.Response.AddHeader(
                "Retry-After",
                seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
        context.Response.ContentType = "application/json";
        context.Response.ContentLength64 = bytes.Length;
        context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }
}
