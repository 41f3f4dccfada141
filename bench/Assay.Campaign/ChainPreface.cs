namespace Assay.Campaign;

/// <summary>What stands above the tables of the chain's estimates.</summary>
internal static class ChainPreface
{
    public static string Text(Settings settings, IReadOnlyList<Tally> tallies) =>
        $"""
            # Campaign: intervals of the chain of evidence

            The worlds of [campaign.md](campaign.md), same families, users and seeds, studied once more for what the steps after the merge add: segments against the others of their dimension (`contrast_`) and
            shrunk towards them (`shrunk_`), importances with popularity held (`adjusted_`) and what that takes away (`moved_`), what one field alone predicts (`alone_auc`), agreement of methods. The
            truth is again what a study of all {settings.Population:N0} users finds.

            Three kinds have no truth that is the same at all sizes. A rule of one field is fitted to the rows of the study, so its AUC rises with their number (ids with many values most). Noise lowers the agreement of
            rankings. A shrunk importance is biased on purpose: its interval is meant to hold the truth on average over features, not for each.

            A region has a quarter of the users: of 100, 25, too few for what few lists decide (GAUC, NDCG of features that seldom change a list) and for `region` itself, whose attribution hardly varies
            within a region. Strata leave out users whose stratum lacks a label: their intervals are too wide rather than too narrow.

                dotnet run -c Release --project bench/Assay.Campaign -- SCRATCH --study chain --worlds {(settings.Worlds == 0 ? 1008 : settings.Worlds)} --users {string.Join(
                ',',
                settings.Users
            )}

            **Done: {string.Join(", ", tallies.Select(t => $"{t.Draws} worlds of {t.Users} users"))}.**


            """;
}
