namespace Assay.Cli.Commands;

/// <summary>What every command is given.</summary>
internal sealed record CommandContext(Terminal Terminal, CancellationToken Stop);
