using System.Globalization;
using Assay.Cli.Commands;
using Assay.Cli.Output;
using Assay.Studies;
using Assay.Training;
using Assay.Worlds;
using Assay.Worlds.Models;
using Assay.Worlds.Truth;

namespace Assay.Cli.Demo;

/// <summary>World → train → study → truth beside estimate.</summary>
internal sealed class DemoRun(WorldOptions options, string folder, int? threads, CommandContext context)
{
    private readonly TimeProvider clock = TimeProvider.System;

    public async Task<int> RunAsync()
    {
        var started = clock.GetTimestamp();
        using var progress = new ProgressLine(context.Terminal);
        var files = Path.Combine(folder, $"seed-{options.Seed}");
        await Files(() => Task.Run(() => Directory.CreateDirectory(files)), files);
        progress.Say("simulating a recommender …");
        var world = World.Create(options);
        var model = Train(world, progress);
        progress.Say("writing the world's files …");
        await Files(() => WorldKit.WriteAsync(world, model, files, context.Stop), files);
        var study = StudyDefinition.Load(Path.Combine(files, WorldKit.Study));
        var run = Path.Combine(files, "run");
        // The files are made anew, so a run of older ones is not continued.
        await Files(() => Task.Run(() => Clear(run)), run);
        var result = StudyRunner.Run(study, run, StudyCommand.Options(threads, progress, context));
        progress.Say("computing the truth …");
        var truth = PopulationTruth.Of(world, world.RowsOf(WorldSplit.Explain));
        progress.Dispose();
        new DemoReport(world, truth, model, result, context.Terminal).Write(files, run);
        context.Terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"All of it took {clock.GetElapsedTime(started).TotalSeconds:F0} s."
            )
        );
        return 0;
    }

    private WorldModel Train(World world, ProgressLine progress)
    {
        var size = new WorldModelOptions { Seed = options.Seed };
        size = size with { Training = size.Training with { Seed = options.Seed } };
        progress.Say("training a model …");
        return WorldModel.Train(world, size, progress: new Epochs(progress), cancellation: context.Stop);
    }

    private static void Clear(string run)
    {
        if (Directory.Exists(run))
            Directory.Delete(run, recursive: true);
    }

    private static async Task Files(Func<Task> write, string folder)
    {
        try
        {
            await write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(folder))
                foreach (var left in Directory.EnumerateFiles(folder, "*.partial"))
                    File.Delete(left);
            throw Onnx.AssayException.Failed(
                $"Cannot write '{folder}': {e.Message.TrimEnd('.')}; free space or name another folder with --out.",
                e
            );
        }
    }

    private sealed class Epochs(ProgressLine progress) : IProgress<EpochLoss>
    {
        public void Report(EpochLoss value) =>
            progress.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"training: epoch {value.Epoch}, loss {value.Training:F4}, on unseen users {value.Validation:F4}"
                )
            );
    }
}
