using System.Diagnostics;
using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Studies.Tests;

/// <summary>Studies that stop, by any means, and go on.</summary>
public sealed class ContinueTests : IDisposable
{
    private const string ChildFolder = "ASSAY_TEST_STUDY";
    private readonly TinyWorld world = new();

    public void Dispose() => world.Dispose();

    private byte[] Estimates(string run) => File.ReadAllBytes(Path.Combine(world.Folder[run], "estimates.parquet"));

    [Fact]
    public void Killed_and_started_again_gives_the_same_bytes()
    {
        world.Run("whole");
        using var child = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", "*Runs_until_killed"])
            {
                Environment = { [ChildFolder] = world.Folder.Path },
                RedirectStandardOutput = true,
            }
        )!;
        var killed = world.Folder["killed"];
        using var watcher = new FileSystemWatcher(world.Folder.Path, "*.parquet") { IncludeSubdirectories = true };
        bool Started() =>
            Directory.Exists(Path.Combine(killed, "scores"))
            && Directory.GetFiles(Path.Combine(killed, "scores"), "*.parquet").Length > 0;
        for (var wait = 0; !Started() && !child.HasExited && wait < 600; wait++)
            watcher.WaitForChanged(WatcherChangeTypes.All, 100);
        child.Kill();
        child.WaitForExit();
        Started().ShouldBeTrue();
        File.Exists(Path.Combine(killed, "estimates.parquet")).ShouldBeFalse();
        var result = world.Run("killed");
        result.RowsWorkedOn.ShouldBeLessThan(18000);
        Estimates("killed").ShouldBe(Estimates("whole"));
    }

    /// <summary>The child of the test above: works off one block and then waits to be killed.</summary>
    [Fact(Explicit = true)]
    public void Runs_until_killed()
    {
        var folder = Environment.GetEnvironmentVariable(ChildFolder)!;
        StudyRunner.Run(
            StudyDefinition.Load(Path.Combine(folder, "study.yaml")),
            Path.Combine(folder, "killed"),
            new RunOptions { Threads = 1 },
            (plan, model) => new Stopping(new ModelRunner(plan, model), 7, () => Thread.CurrentThread.Join(60_000))
        );
    }

    [Fact]
    public void Failure_and_cancellation_keep_what_is_finished()
    {
        world.Run("whole");
        var fails = () =>
            StudyRunner.Run(
                world.Study,
                world.Folder["broken"],
                new RunOptions { Threads = 1 },
                (plan, model) =>
                    new Stopping(new ModelRunner(plan, model), 8, () => throw AssayException.Failed("no more"))
            );
        Should.Throw<AssayException>(fails).Message.ShouldBe("no more");
        using var stop = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() =>
            StudyRunner.Run(
                world.Study,
                world.Folder["broken"],
                new RunOptions { Threads = 1, Cancellation = stop.Token },
                (plan, model) => new Stopping(new ModelRunner(plan, model), 8, stop.Cancel)
            )
        );
        Directory.GetFiles(world.Folder["broken"], "*.partial", SearchOption.AllDirectories).ShouldBeEmpty();
        var again = world.Run("broken");
        again.RowsWorkedOn.ShouldBeInRange(1, 17999);
        Estimates("broken").ShouldBe(Estimates("whole"));
        world.Run("broken").RowsWorkedOn.ShouldBe(0);
        Estimates("broken").ShouldBe(Estimates("whole"));
    }

    [Fact]
    public void Another_study_in_the_same_folder_is_refused()
    {
        world.Run("run");
        var e = Should.Throw<AssayException>(() => world.Run("run", study: world.Study with { Seed = 2 }));
        e.Fault.ShouldBe(Fault.Usage);
        e.Message.ShouldContain("holds another study (different: study options)");
        world.Folder.Parquet("explain.parquet", $"SELECT * FROM '{world.Folder["holdout.parquet"]}'");
        Should.Throw<AssayException>(() => world.Run("run")).Message.ShouldContain("(different: explain data)");
    }

    [Fact]
    public void Unwritable_places_are_one_line_and_leave_nothing()
    {
        world.Folder.File("file", "");
        var e = Should.Throw<AssayException>(() => world.Run("file/run"));
        e.Fault.ShouldBe(Fault.Failed);
        e.Message.ShouldContain("free space or choose another run folder");
        e.Message.ShouldNotContain("\n");
        // A full disk, as the stream reports it.
        var path = world.Folder["full.parquet"];
        var full = Should.Throw<AssayException>(() =>
            Files.Write(path, _ => throw new IOException("No space left on device"))
        );
        full.Message.ShouldContain("No space left on device");
        Directory.GetFiles(world.Folder.Path, "full*").ShouldBeEmpty();
    }

    [Fact]
    public void Two_processes_do_not_share_a_folder()
    {
        Directory.CreateDirectory(world.Folder["run"]);
        using var held = RunLock.Take(world.Folder["run"]);
        Should.Throw<AssayException>(() => world.Run("run")).Message.ShouldContain("Another process is working");
    }

    /// <summary>A model that does something at its n-th score.</summary>
    private sealed class Stopping(IModelRunner inner, int scores, Action stop) : IModelRunner
    {
        private int left = scores;

        public string Head => inner.Head;

        public double[] Score(IReadOnlyDictionary<string, TensorData> rows)
        {
            if (Interlocked.Decrement(ref left) == 0)
                stop();
            return inner.Score(rows);
        }

        public double[][]? Exchanged(
            IReadOnlyDictionary<string, TensorData> rows,
            IReadOnlyDictionary<string, TensorData> donors,
            IReadOnlyList<IReadOnlyList<int>> sets
        )
        {
            foreach (var _ in sets)
                if (Interlocked.Decrement(ref left) == 0)
                    stop();
            return inner.Exchanged(rows, donors, sets);
        }

        public double[] Changes(
            IReadOnlyDictionary<string, TensorData> rows,
            IReadOnlyDictionary<string, TensorData> donors
        ) => inner.Changes(rows, donors);

        public double[] Sage(
            PreparedSplit split,
            Block block,
            IReadOnlyDictionary<string, TensorData> rows,
            double[] labels
        ) => inner.Sage(split, block, rows, labels);

        public Explanation Explain(
            int method,
            PreparedSplit split,
            Block block,
            IReadOnlyDictionary<string, TensorData> rows
        ) => inner.Explain(method, split, block, rows);

        public void Dispose() => inner.Dispose();
    }
}
