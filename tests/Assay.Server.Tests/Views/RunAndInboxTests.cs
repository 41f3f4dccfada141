using System.Text.Json;

namespace Assay.Server.Tests;

public class RunAndInboxTests(StudiedRegions studied) : IClassFixture<StudiedRegions>
{
    [Fact]
    public void A_run_says_what_may_be_asked_of_it()
    {
        var detail = RunsView.Detail(studied.View);
        detail.Name.ShouldBe("two regions");
        detail.ClusterPlural.ShouldBe("shoppers");
        detail.Dimensions.Select(d => d.Name).ShouldBe(["region", "device"]);
        detail.Features.Single(f => f.Name == "recency").Title.ShouldBe("Days since last visit");
        detail.Estimands[0].Id.ShouldBe("permutation_auc");
        detail.Estimands.ShouldAllBe(e => e.Title.Length > 0 && e.Methods.Count > 0);
        var auc = detail.Quality.Single(q => q.Estimand == "auc");
        var truth = studied.Sql(
            "value, ci_low, ci_high",
            "estimand = 'auc' AND method = 'model' AND split = 'explain' AND segment_dimension = 'overall'"
        );
        auc.Model!.Value!.Value.ShouldBe(truth[0], 1e-4);
        auc.Model.Low!.Value.ShouldBe(truth[1], 1e-4);
        detail.Grades.Values.Sum().ShouldBe(studied.Run.Findings.Count);
        // every choice that the document offers has an answer
        foreach (var estimand in detail.Estimands)
        foreach (var method in estimand.Methods)
            HeatmapView.Of(studied.Run, new(estimand.Id, method.Id)).ShouldNotBeNull();
    }

    [Fact]
    public void The_inbox_has_every_finding_and_action_once_and_pages_them()
    {
        var all = InboxView.Page(studied.View, new(), 1, 100);
        all.Total.ShouldBe(studied.Run.Findings.Count + studied.Run.Actions.Count);
        var ids = new List<string>();
        for (var page = 1; ids.Count < all.Total; page++)
            ids.AddRange(InboxView.Page(studied.View, new(), page, 7).Items.Select(i => $"{i.Subject}:{i.Id}"));
        ids.ShouldBeUnique();
        ids.Count.ShouldBe(all.Total);
        all.Facets.Grade.Values.Sum().ShouldBe(all.Total);
        foreach (var item in all.Items)
            Sentences.ShouldHaveNoColumns(item.Title);
    }

    [Fact]
    public void Filters_leave_only_what_they_say()
    {
        InboxView.Page(studied.View, new(Kind: "action"), 1, 100).Items.ShouldAllBe(i => i.Subject == "action");
        InboxView.Page(studied.View, new(Grade: "C"), 1, 100).Items.ShouldAllBe(i => i.Grade == "C");
        InboxView
            .Page(studied.View, new(Feature: "recency"), 1, 100)
            .Items.ShouldAllBe(i => i.Features.Any(f => f.Label == "Days since last visit"));
        InboxView.Page(studied.View, new(Q: "no such words anywhere")).Total.ShouldBe(0);
    }

    [Fact]
    public void A_finding_in_full_is_that_of_the_file_in_camel_case()
    {
        var finding = studied.Run.Findings[0];
        var document = InboxView.Finding(studied.View, finding.Id)!;
        document["id"]!.GetValue<string>().ShouldBe(finding.Id);
        document["displayName"]!.GetValue<string>().ShouldBe(finding.DisplayName);
        document["sentences"]!["howSure"]!.GetValue<string>().ShouldStartWith("Grade");
        document["status"]!.GetValue<string>().ShouldBe("open");
        InboxView.Finding(studied.View, "no such finding").ShouldBeNull();
    }

    [Fact]
    public void What_people_recorded_stands_on_the_item_and_news_against_the_run_before()
    {
        var action = studied.Run.Findings[0];
        var facts = RunFacts.None with
        {
            Subjects = new Dictionary<string, SubjectFacts>
            {
                [$"finding:{action.Id}"] = new(
                    "accepted",
                    "ada",
                    null,
                    3,
                    new("accept", "worth it", "ada", DateTime.UnixEpoch)
                ),
            },
        };
        var known = new KnownRun(studied.Run.Id, studied.Run.Path, "v1");
        var item = InboxView
            .All(new(studied.Run, facts, [(known, studied.Run)]))
            .Single(i => i.Subject == "finding" && i.Id == action.Id);
        (item.Status, item.Assignee, item.Comments, item.Decision!.By).ShouldBe(("accepted", "ada", 3, "ada"));
        // the run before is the same run: nothing is new, nothing changed
        item.IsNew.ShouldBeFalse();
        item.Changed.ShouldBeNull();
    }

    [Fact]
    public void A_dossier_shows_every_way_of_measuring_with_its_interval()
    {
        var dossier = DossierView.Of(studied.View, "recency")!;
        Sentences.ShouldHaveNoColumns(dossier.Sentence);
        var line = dossier.Importance.Single(i => i.Estimand == "permutation_auc");
        var truth = studied.Sql(
            "value, ci_low, ci_high",
            "estimand = 'permutation_auc' AND feature = 'recency' AND segment_dimension = 'overall' AND split = 'holdout'"
        );
        line.Holdout!.Value!.Value.ShouldBe(truth[0], 0.0005 * truth[0]);
        line.Holdout.High!.Value.ShouldBe(truth[2], 0.0005 * truth[2]);
        dossier.Segments.ShouldContain(s => s.Label == "north" && s.Value.Value > 0);
        dossier.Findings.ShouldNotBeEmpty();
        dossier.History.Count.ShouldBe(1);
        DossierView.Of(studied.View, "no such feature").ShouldBeNull();
    }

    [Fact]
    public void Documents_stay_under_200_KB()
    {
        foreach (
            var document in new object?[]
            {
                RunsView.Detail(studied.View),
                InboxView.Page(studied.View, new(), 1, 100),
                HeatmapView.Of(studied.Run, new()),
                DossierView.Of(studied.View, "recency"),
                GraphView.Of(studied.Run),
            }
        )
            JsonSerializer.SerializeToUtf8Bytes(document, ViewJson.Options).Length.ShouldBeLessThan(200_000);
    }
}
