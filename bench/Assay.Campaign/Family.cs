using Assay.Worlds;
using Assay.Worlds.Models;

namespace Assay.Campaign;

/// <summary>Worlds of one kind: what is planted, a fixed model fitted to some users, and the users that studies draw from.</summary>
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

    // Seeds are 9001, 9002, … in the order of the list, fixed before the first run.
    public static IReadOnlyList<Family> All { get; } =
    [
        Vary("usual", "600 items, lists of 6, embeddings of 4, a hidden layer of 16", 1),
        Vary("loose", "no candidate follows the user's taste", 2, w => w with { TasteShare = 0 }),
        Vary(
            "correlated",
            "nine candidates in ten follow the taste; the proxy is popularity to .1",
            3,
            w => w with { TasteShare = 0.9, ProxyNoise = 0.1 }
        ),
        Vary("rare-coupon", "coupons in 3 rows of 1,000", 4, w => w with { CouponShare = 0.003 }),
        Vary("confounded", "position follows popularity (noise .3)", 5, w => w with { PolicyNoise = 0.3 }),
        Vary("additive", "no interactions", 6, w => w with { InteractionStrength = 0 }),
        Vary("interacting", "interactions twice as strong", 7, w => w with { InteractionStrength = 2 }),
        Vary("noisy", "effects .4 times as strong", 8, w => w with { SignalStrength = 0.4 }),
        Vary("clear", "effects 1.8 times as strong", 9, w => w with { SignalStrength = 1.8 }),
        Vary("short-lists", "lists of 3: 6 rows a user", 10, w => w with { CandidatesPerRequest = 3 }),
        Vary("long-lists", "lists of 12: 24 rows a user", 11, w => w with { CandidatesPerRequest = 12 }),
        Vary("small-catalogue", "60 items: items recur across users", 12, w => w with { Items = 60 }),
        Vary("uneven-users", "half of the users have one request, half two", 13, w => w with { UntouchedShare = 0.5 }),
        Vary("overfitted-model", "400 training users, no decay, all epochs", 14) with
        {
            TrainingUsers = 400,
            Model = Overfitted(14),
        },
    ];

    private static Family Vary(string name, string varies, ulong seed, Func<WorldOptions, WorldOptions>? change = null)
    {
        var usual = new WorldOptions
        {
            Seed = 9000 + seed,
            RequestsPerUser = Requests,
            CandidatesPerRequest = 6,
        };
        return new(name, varies, change is null ? usual : change(usual), Fitted(seed), 2000);
    }

    private static WorldModelOptions Fitted(ulong seed)
    {
        var model = new WorldModelOptions
        {
            Seed = 9000 + seed,
            Dimension = 4,
            Hidden = [16],
        };
        return model with { Training = model.Training with { Seed = 9000 + seed } };
    }

    private static WorldModelOptions Overfitted(ulong seed)
    {
        var model = Fitted(seed);
        return model with { Training = model.Training with { WeightDecay = 0, Patience = 12 } };
    }
}
