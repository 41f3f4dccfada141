namespace Assay.Onnx;

/// <summary>Whose fault an error was; the number is the exit code of the command line.</summary>
public enum Fault
{
    /// <summary>The work could not be finished (disk full, out of budget, a failure inside a library).</summary>
    Failed = 1,

    /// <summary>The command or call was wrong: an unknown option, method or name.</summary>
    Usage = 2,

    /// <summary>The input (model, dictionary, data) is unusable.</summary>
    Input = 3,
}

/// <summary>
/// An error that its user can act on. The message is one line: what is wrong, where (file, node, row, column) and
/// what to do about it.
/// </summary>
public sealed class AssayException : Exception
{
    /// <summary>An error with its fault, message and optional cause. Control characters in the message are escaped.</summary>
    public AssayException(Fault fault, string message, Exception? inner = null)
        : base(Printable(message), inner) => Fault = fault;

    /// <summary>Whose fault it was.</summary>
    public Fault Fault { get; }

    /// <summary>The model, dictionary or data is unusable.</summary>
    public static AssayException Input(string message, Exception? inner = null) => new(Fault.Input, message, inner);

    /// <summary>The call was wrong.</summary>
    public static AssayException Usage(string message, Exception? inner = null) => new(Fault.Usage, message, inner);

    /// <summary>The work failed.</summary>
    public static AssayException Failed(string message, Exception? inner = null) => new(Fault.Failed, message, inner);

    /// <summary>
    /// Names in a hostile file may hold line ends and terminal commands; an error stays one line that prints as it reads.
    /// </summary>
    private static string Printable(string message) =>
        message.Any(char.IsControl)
            ? string.Concat(message.Select(c => char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString()))
            : message;
}
