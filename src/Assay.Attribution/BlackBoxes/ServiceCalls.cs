using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Assay.Onnx;

namespace Assay.Attribution.BlackBoxes;

/// <summary>Calls over HTTP, repeated where they fail for a reason that may pass.</summary>
internal sealed class ServiceCalls : IDisposable
{
    // More than any answer to a batch; a server that never ends must not fill memory.
    private const int MostBytes = 256 << 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Uri address;
    private readonly ServiceSettings settings;
    private readonly TimeProvider time;
    private readonly CancellationToken stop;
    private readonly HttpClient client;

    public ServiceCalls(Uri address, ServiceSettings settings, TimeProvider time, CancellationToken stop)
    {
        (this.address, this.settings, this.time, this.stop) = (address, settings, time, stop);
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = settings.Timeout,
            MaxResponseContentBufferSize = MostBytes,
        };
    }

    /// <summary>The body of an answer; null where there is no such thing (404).</summary>
    public byte[]? Get() => Run(() => new HttpRequestMessage(HttpMethod.Get, address), () => { });

    /// <summary>The body of an answer to a JSON body.</summary>
    /// <param name="json">The body.</param>
    /// <param name="sending">Called before each attempt; may refuse it by throwing.</param>
    public byte[]? Infer(byte[] json, Action sending) =>
        Run(
            () =>
                new HttpRequestMessage(HttpMethod.Post, address.AbsoluteUri.TrimEnd('/') + "/infer")
                {
                    Content = new ByteArrayContent(json)
                    {
                        Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                    },
                },
            sending
        );

    public void Dispose() => client.Dispose();

    private byte[]? Run(Func<HttpRequestMessage> make, Action sending)
    {
        var wait = settings.Backoff;
        for (var attempt = 0; ; attempt++)
        {
            sending();
            var (body, problem, after) = Attempt(make);
            if (problem is null)
                return body;
            if (attempt == settings.Retries)
                throw AssayException.Failed(
                    $"The service at {address} {problem}{(attempt > 0 ? $", {attempt + 1} times" : "")}; see to it, or allow more with --timeout and --retries."
                );
            var delay = after is { } asked && asked > wait ? asked : wait;
            Task.Delay(delay < LongestWait ? delay : LongestWait, time, stop).GetAwaiter().GetResult();
            wait *= 2;
        }
    }

    // A problem that may pass is returned; one that will not is thrown.
    private (byte[]? Body, string? Problem, TimeSpan? After) Attempt(Func<HttpRequestMessage> make)
    {
        try
        {
            using var request = make();
            using var response = client.Send(request, HttpCompletionOption.ResponseContentRead, stop);
            using var copy = new MemoryStream();
            response.Content.ReadAsStream(stop).CopyTo(copy);
            var body = copy.ToArray();
            if (response.StatusCode == HttpStatusCode.OK)
                return (body, null, null);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return (null, null, null);
            var said = $"answered {(int)response.StatusCode} {response.ReasonPhrase}{V2Json.Error(body)}";
            return IsPassing(response.StatusCode)
                ? (null, said, response.Headers.RetryAfter?.Delta)
                : throw Refused(response.StatusCode, said);
        }
        catch (TaskCanceledException e) when (e.InnerException is TimeoutException)
        {
            return (
                null,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"did not answer within {settings.Timeout.TotalSeconds:0.###} s"
                ),
                null
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (null, $"cannot be reached or broke off ({Innermost(e).Message.TrimEnd('.')})", null);
        }
    }

    private static bool IsPassing(HttpStatusCode code) =>
        code
            is HttpStatusCode.RequestTimeout
                or HttpStatusCode.TooManyRequests
                or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;

    private AssayException Refused(HttpStatusCode code, string said) =>
        AssayException.Input(
            $"The service at {address} {said}; "
                + (
                    code is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                        ? "it wants credentials, which are not sent: use an address that is open to you."
                        : "name a model as http://host:port/v2/models/NAME, and rows that it takes."
                )
        );

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
