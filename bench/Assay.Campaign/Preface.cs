namespace Assay.Campaign;

/// <summary>What stands above the tables.</summary>
internal static class Preface
{
    public static string Text(Settings settings, IReadOnlyList<Tally> tallies) =>
        $"""
            # Campaign: do intervals hold the truth, and is what was planted found?

            {Family.All.Count} families of planted worlds, a grid declared beforehand (`bench/Assay.Campaign/Family.cs`, below), each with a catalogue, users and a fixed DeepFM of its own (fitted once to
            the first requests of other users of the same catalogue). A *world* is one draw of users from the family's {settings.Population:N0}, without replacement: so many to explain and as many others as a
            holdout, studied by `StudyRunner` as a user would, with a floor by item popularity, the regions as segments, integrated gradients in 4 steps, permutation (also given presence), conditional
            permutation by model, Taylor permutation and SAGE; 300 bootstrap replicates by user (intervals take only standard errors from them). Permutations and replicates are seeded anew in each
            world; world *d* belongs to family *d* mod {Family.All.Count}.

            The truth is what a study of all {settings.Population:N0} users finds (permutations repeated twice): finite and the same code, so this tests intervals, not formulas; those have tests of their own. That a draw
            takes at most {2.0 * settings.Users.Max() / settings.Population:P0} of the users, without replacement, widens intervals by at most {1 - Math.Sqrt(1 - (double)settings.Users.Max() / settings.Population):P1}; the truth's own permutation noise narrows them by about as much. An *advantage over a rule* has a fixed truth only where
            the rule ranks alike whatever it was fitted to: the global rate and the declared popularity, by AUC, GAUC and NDCG. *Conditional* importances are against a conditional model fitted to all users, in
            draws to the draw's: what too few users cost the conditional model shows as misses.

            Explained rows and holdout count as one interval each. A cell is an estimand × method × feature (× region) at one sample size, over all families; with *n* intervals a cell of exactly 95 % has a standard
            error of 21.8 % / √*n* (0.5 points with 2,000), so hardly any cell of exactly 95 % lies outside the band by chance once the run is complete. *Exact* cells have nothing to be
            uncertain of (the share of rows that have a feature which none lacks): every interval is the truth itself; they are counted apart. *Row bootstrap*: the share held by value ± 1.96 standard errors
            of a mean over independent rows, the limit of a row bootstrap; only for means over rows. *Of length 0*: the share of a cell's intervals that are one number other than the truth, because no list of the
            draw changed.

                dotnet run -c Release --project bench/Assay.Campaign -- SCRATCH --worlds {(settings.Worlds == 0 ? 1008 : settings.Worlds)} --users {string.Join(
                ',',
                settings.Users
            )} --seed {settings.Seed} --population {settings.Population}

            Seeds (campaign {settings.Seed}, families 9001 …, interactions 9101 …) were fixed before the first run. **Done: {string.Join(
                ", ",
                tallies.Select(t => $"{t.Draws} worlds of {t.Users} users")
            )}.**

            What earlier campaigns changed: intervals were bootstrap percentiles, which held the truth of permutation by GAUC and NDCG in 91–92 % of 400 worlds of 100 users (rare, skewed changes), and
            calibration error in 78 % (its bins' noise adds to it). They are now Student's t with degrees of freedom fitted to the skewness of clusters' influences, and calibration error is a root mean square
            less its noise with a χ² interval ([statistics](../../docs/statistics.md)). The model's AUC, at 91 %, was mostly chance: standard errors were right (spread of distances 1.06).

            What stays outside, and why: at 100 users losses of GAUC and NDCG of features that seldom change a list (coupon, season, history, lifecycle): in up to a tenth of the draws no list changes, the bootstrap
            has nothing to vary and the interval is 0 alone (*of length 0*), where it exists it covers; the same in regions of about 25 users (coupon); NDCG's changes are so discrete that intervals are a little wide.
            Differences between regions are planted for recency and popularity only, but regions make other reliances differ too, so precision against what was planted is low, against the population's
            sign high. A strong feature that has a near copy (popularity, its proxy) has little conditional importance, so few reach grade B.

            {Chainless(tallies)}


            """;

    private static string Chainless(IReadOnlyList<Tally> tallies) =>
        tallies.All(t => t.Planted.WithoutChain == 0)
            ? ""
            : $"Of the worlds, {string.Join(" and ", tallies.Select(t => $"{t.Planted.WithoutChain} of {t.Users} users"))} were studied by a program without the chain of evidence: their findings lack its caps, and they say nothing of features told to stand in for others.";
}
