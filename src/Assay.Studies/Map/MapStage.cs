namespace Assay.Studies;

/// <summary>Deals the unfinished blocks of all splits to workers.</summary>
internal static class MapStage
{
    /// <summary>Returns how many rows were worked on (not found finished).</summary>
    public static long Run(StudyPlan plan, Func<IModelRunner> open, int threads, RunOptions options)
    {
        var all = plan.Splits.SelectMany(s => s.Blocks.Select((b, g) => new Unit(s, b, g))).ToArray();
        var todo = all.Where(u => !BlockWorker.IsDone(plan, u.Split, u.Block)).ToArray();
        if (todo.Length > 0)
        {
            foreach (var split in todo.Select(u => u.Split).Distinct())
                Permute(plan, split, threads, options);
            using var model = open();
            Deal(plan, model, todo, all.Length, threads, options);
        }
        foreach (var folder in plan.Splits.Select(plan.PermutedFolder).Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        return todo.Sum(u => (long)u.Block.Rows);
    }

    private sealed record Unit(PreparedSplit Split, Block Block, int Group);

    private static void Deal(
        StudyPlan plan,
        IModelRunner model,
        Unit[] todo,
        int total,
        int threads,
        RunOptions options
    )
    {
        var workers = options.Workers ?? threads;
        var done = total - todo.Length;
        var next = -1;
        // An explicit number of workers fixes who does which block; otherwise whoever is free takes the next.
        IEnumerable<Unit> Mine(int worker)
        {
            if (options.Workers is null)
                while (Interlocked.Increment(ref next) is var i && i < todo.Length)
                    yield return todo[i];
            else
                for (var i = worker; i < todo.Length; i += workers)
                    yield return todo[i];
        }
        Parallel(
            threads,
            workers,
            (worker, cancel) =>
            {
                BlockWorker? own = null;
                try
                {
                    foreach (var unit in Mine(worker))
                    {
                        if (own?.Split != unit.Split)
                        {
                            own?.Dispose();
                            own = new BlockWorker(plan, unit.Split, model);
                        }
                        cancel.ThrowIfCancellationRequested();
                        own.Run(unit.Group, cancel);
                        var detail = $"{unit.Split.Name} block {unit.Block.Number}";
                        options.Progress?.Report(new("map", Interlocked.Increment(ref done), total, detail));
                        if (cancel.IsCancellationRequested)
                            return;
                    }
                }
                finally
                {
                    own?.Dispose();
                }
            },
            options.Cancellation
        );
    }

    /// <summary>Runs work for 0 … count − 1, at most so many at once; the first failure stops the rest and is thrown.</summary>
    public static void Parallel(int threads, int count, Action<int, CancellationToken> work, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Exception? first = null;
        var next = -1;
        var loops = Enumerable
            .Range(0, Math.Min(threads, count))
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                    {
                        while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < count)
                        {
                            try
                            {
                                work(i, stop.Token);
                            }
                            catch (Exception e)
                            {
                                Interlocked.CompareExchange(ref first, e, null);
                                stop.Cancel();
                            }
                        }
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        Task.WaitAll(loops, CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        if (first is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(first).Throw();
    }

    private static void Permute(StudyPlan plan, PreparedSplit split, int threads, RunOptions options)
    {
        var files = plan
            .Exchanges.SelectMany(e =>
                e.Players.SelectMany(p =>
                    Enumerable.Range(0, e.Repeats).Select(r => (Exchange: e, Player: p, Repeat: r))
                )
            )
            .DistinctBy(f => plan.PermutedPath(split, f.Exchange, f.Player, f.Repeat))
            .ToArray();
        if (files.Length == 0)
            return;
        Files.MakeFolder(plan.PermutedFolder(split));
        var done = 0;
        Parallel(
            threads,
            files.Length,
            (i, cancel) =>
            {
                cancel.ThrowIfCancellationRequested();
                PermutedColumns.Write(plan, split, files[i].Exchange, files[i].Player, files[i].Repeat);
                options.Progress?.Report(new("permute", Interlocked.Increment(ref done), files.Length, split.Name));
            },
            options.Cancellation
        );
    }
}
