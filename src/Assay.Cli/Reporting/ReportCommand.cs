using System.CommandLine;
using System.Globalization;
using Assay.Cli.Commands;
using Assay.Server;

namespace Assay.Cli.Reporting;

/// <summary><c>assay report</c>: the dashboard of a run as one file.</summary>
internal static class ReportCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a finished study." };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "The HTML file; report.html in the run's folder if not given.",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "report",
            "Write the dashboard of a run as one HTML file: it opens from disk, needs no server and holds no row of the data.",
            "assay report runs/monday",
            "assay report runs/monday -o report.html"
        )
        {
            run,
            output,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(run);
            var path = parsed.GetValue(output) ?? Path.Combine(folder, "report.html");
            var bytes = StaticReport.Write(folder, path);
            context.Terminal.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{path}: {bytes / 1e6:0.0} MB; open it in a browser.")
            );
        });
        return command;
    }
}
