using Assay.Worlds;
using Assay.Worlds.Models;

namespace Assay.Campaign;

/// <summary>Worlds of one kind: a catalogue, a fixed model fitted to some of its users, and the users that studies draw from.</summary>
internal sealed record Family(
    string Name,
    string Varies,
    WorldOptions World,
    WorldModelOptions Model,
    int TrainingUsers
)
{
    // The first request of each user trains; the other two are what is studied.
    private const int Requests = 3;

    public static IReadOnlyList<Family> All { get; } =
    [
        Make("usual", "600 items, lists of 8", 1),
        Make("small-catalogue", "60 items: items recur across users", 2) with
        {
            World = Sized(2) with { Items = 60 },
        },
        Make("large-catalogue", "3,000 items", 3) with
        {
            World = Sized(3) with { Items = 3000 },
        },
        Make("short-lists", "lists of 4: 8 rows a user", 4) with
        {
            World = Sized(4) with { CandidatesPerRequest = 4 },
        },
        Make("long-lists", "lists of 16: 32 rows a user", 5) with
        {
            World = Sized(5) with { CandidatesPerRequest = 16 },
        },
        Make("uneven-users", "half of the users have one request, half two", 6) with
        {
            World = Sized(6) with { UntouchedShare = 0.5 },
        },
        Make("narrow-model", "embeddings of 2, one hidden layer of 8", 7) with
        {
            Model = Fitted(7) with { Dimension = 2, Hidden = [8] },
        },
        Make("overfitted-model", "600 training users, no decay, all epochs", 8) with
        {
            TrainingUsers = 600,
            Model = Overfitted(8),
        },
    ];

    private static Family Make(string name, string varies, ulong seed) =>
        new(name, varies, Sized(seed), Fitted(seed), 3000);

    private static WorldOptions Sized(ulong seed) => new() { Seed = 9000 + seed, RequestsPerUser = Requests };

    private static WorldModelOptions Fitted(ulong seed)
    {
        var model = new WorldModelOptions { Seed = 9000 + seed };
        return model with { Training = model.Training with { Seed = 9000 + seed } };
    }

    private static WorldModelOptions Overfitted(ulong seed)
    {
        var model = Fitted(seed);
        return model with { Training = model.Training with { WeightDecay = 0, Patience = 12 } };
    }
}
