using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Assay.Server.Tests;

public class StaticReportTests(StudiedRegions studied) : IClassFixture<StudiedRegions>
{
    // Every shopper's id begins like this: the world writes it into its rows, and nowhere else.
    private const string Canary = "s0-";

    [Fact]
    public void The_file_is_whole_small_and_holds_no_row()
    {
        var path = studied.World.Folder["report.html"];
        StaticReport.Write(studied.Run.Path, path).ShouldBeLessThan(3_000_000);
        var html = File.ReadAllText(path);
        html.ShouldContain("id=\"assay-data\"");
        Directory.GetFiles(studied.World.Folder.Path, "*.partial").ShouldBeEmpty();
        var text = Unpacked(html);
        // ids such as s0-17 of the rows; the digits make it a shopper and no other word
        Regex.IsMatch(text, Canary + @"\d").ShouldBeFalse();
        html.Split("id=\"assay-data\"").Length.ShouldBe(2);
    }

    [Fact]
    public void Its_documents_are_those_of_the_views_and_none_is_of_rows()
    {
        var documents = StaticDocuments.Of(studied.View, 1_000_000);
        var run = studied.Run.Id;
        documents.Keys.ShouldNotContain(k => Regex.IsMatch(k, @"/(rows|ice|what-if)\b"));
        documents[$"/runs/{run}/trust"]
            .ShouldBe(JsonSerializer.SerializeToUtf8Bytes(TrustView.Of(studied.View), ViewJson.Options));
        foreach (
            var name in new[] { "", "/graph", "/journey", "/layers", "/trust", "/leadership", "/effects", "/heatmap" }
        )
            documents.Keys.ShouldContain($"/runs/{run}{name}");
        // what the run's document offers is there, and what is named in another's place is too
        documents.Keys.ShouldContain($"/runs/{run}/heatmap?dimension=region&estimand=conditional_permutation_auc");
        foreach (var (_, bytes) in documents)
            if (bytes[0] == (byte)'"')
                documents.Keys.ShouldContain(JsonSerializer.Deserialize<string>(bytes));
    }

    // https://www.w3.org/TR/CSP3/#grammardef-hash-source
    [Fact]
    public void Scripts_of_the_page_have_hashes_for_its_policy()
    {
        DashboardPage.ScriptHashes.ShouldNotBeEmpty();
        DashboardPage.ScriptHashes.ShouldAllBe(h => Regex.IsMatch(h, "^'sha256-[A-Za-z0-9+/]{43}='$"));
    }

    [Theory]
    [InlineData("a b", "a%20b")]
    [InlineData("visits × price", "visits%20%C3%97%20price")]
    [InlineData("(x)!*'", "(x)!*'")]
    public void Names_are_spelt_as_a_browser_would(string text, string expected) =>
        StaticDocuments.Encode(text).ShouldBe(expected);

    private static string Unpacked(string html)
    {
        var packed = Regex.Match(html, "id=\"assay-data\">([^<]*)<").Groups[1].Value;
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
