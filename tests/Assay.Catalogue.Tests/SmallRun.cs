using System.Text.Json;
using System.Text.Json.Nodes;

namespace Assay.Catalogue.Tests;

/// <summary>A run folder with two findings, two actions and a hypothesis, with the fields that a study writes.</summary>
public sealed class SmallRun(string folder)
{
    public string Folder { get; } = folder;

    public JsonObject RunJson { get; } =
        Read(
            """
            {
              "study": "clicks", "software_version": "0.1.0+abc", "plan_sha256": "a7c2", "head": "logit", "seed": 1,
              "created": "2026-02-01T10:00:00Z", "model": "/models/ranker.onnx", "sha256": { "model": "446232f9" }
            }
            """
        );

    public JsonObject Findings { get; } =
        Read(
            """
            {
              "schema": 1, "study": "clicks", "model_beats_trivial_rules": true, "verdict_reasons": [],
              "findings": [
                { "id": "age/permutation_auc/permutation/overall=all", "kind": "feature_matters", "feature": "age",
                  "features": ["age"], "display_name": "Age", "dimension": "overall", "segment": "all",
                  "segment_label": "all rows", "estimand": "permutation_auc", "method": "permutation", "value": 0.02,
                  "interval": { "low": 0.01, "high": 0.03, "level": 0.95 }, "grade": "B", "replicated": "yes",
                  "sentences": { "effect": "Age matters.", "how_sure": "Grade B.", "for_whom": "All rows.",
                    "what_could_be_wrong": "Sampling.", "what_to_do": "Keep it." } },
                { "id": "city/permutation_auc/permutation/country=se", "kind": "segment_difference", "feature": "city",
                  "features": ["city"], "display_name": "City", "dimension": "country", "segment": "se",
                  "segment_label": "Sweden", "estimand": "permutation_auc", "method": "permutation", "value": null,
                  "interval": null, "grade": "C", "sentences": { "effect": "City matters more in Sweden." } }
              ]
            }
            """
        );

    public JsonObject Actions { get; } =
        Read(
            """
            {
              "schema": 1, "study": "clicks",
              "actions": [
                { "id": "retire_feature/city", "kind": "retire_feature", "tier": "improve", "rank": 1, "title": "Retire City",
                  "target": { "features": ["city"], "dimension": "overall", "segments": ["all"] }, "grade": "B",
                  "effect": { "unit": "auc", "value": 0.001, "low": -0.001, "high": 0.003, "says": "Changes little." },
                  "value": { "unit": "EUR", "value": 700, "low": -5, "high": 2000 },
                  "risk": { "level": "low", "says": "A small group may depend on it." },
                  "experiment": { "population": "all households" }, "first": "Refit without it." },
                { "id": "enrich_feature/age", "kind": "enrich_feature", "tier": "improve", "rank": 2, "title": "Fill in Age",
                  "target": { "features": ["age"], "dimension": "overall", "segments": ["all"] }, "grade": "A",
                  "effect": null, "value": null }
              ]
            }
            """
        );

    public JsonObject Hypotheses { get; } =
        Read(
            """
            { "schema": 1, "hypotheses": [ { "hypothesis": { "feature": "age", "claim": "matters", "author": "growth",
              "reason": "people" }, "expected": "Age matters", "verdict": "supported", "grade": "B", "because": "It does." } ] }
            """
        );

    public JsonObject Card { get; } =
        Read(
            """
            { "schema": 1, "purpose": "ranks clicks", "stale_when": ["the model changes",
              "90 days have passed since the last explained row (2026-01-01 10:00:00), that is after 2026-04-01"] }
            """
        );

    public JsonObject Dictionary { get; } =
        Read(
            """
            { "schema": 1, "features": [
              { "name": "age", "display_name": "Age", "group": "user", "kind": "numeric", "owner": "growth", "description": "Years." },
              { "name": "city", "display_name": "City", "group": "user", "kind": "categorical", "owner": null } ] }
            """
        );

    public JsonObject Finding(int i) => (JsonObject)Findings["findings"]![i]!;

    public string Write()
    {
        Directory.CreateDirectory(Folder);
        Save("findings.json", Findings);
        Save("actions.json", Actions);
        Save("hypotheses.json", Hypotheses);
        Save("card.json", Card);
        Save("dictionary.json", Dictionary);
        Save("run.json", RunJson);
        return Folder;
    }

    private static JsonObject Read(string text) => (JsonObject)JsonNode.Parse(text)!;

    private void Save(string name, JsonObject json) =>
        File.WriteAllText(Path.Combine(Folder, name), json.ToJsonString(JsonSerializerOptions.Web));
}
