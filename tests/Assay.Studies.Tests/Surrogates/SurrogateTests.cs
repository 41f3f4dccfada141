using Assay.Statistics;
using Assay.Studies.Surrogates;

namespace Assay.Studies.Tests.Surrogates;

/// <summary>Surrogates of planted functions, of which it is known whether they can be said simply.</summary>
public sealed class SurrogateTests
{
    private const int Rows = 4000;

    private static SurrogateColumn Number(string name, Func<int, double> value) =>
        new(name, name, [.. Enumerable.Range(0, Rows).Select(value)], null);

    private static double Uniform(string name, int row) =>
        CounterRandom.UniformAt(3, StableHash.Of("surrogate test " + name), (ulong)row);

    private static Surrogate Fit(
        SurrogateKind kind,
        IReadOnlyList<SurrogateColumn> columns,
        Func<int, double> target,
        int leaves = 16
    )
    {
        double[] targets = [.. Enumerable.Range(0, Rows).Select(target)];
        var settings = new SurrogateSettings { Kind = kind, Leaves = leaves };
        var (fitted, heldOut) = SurrogateFitter.Split(targets, settings);
        return SurrogateFitter.Fit(columns, targets, fitted, heldOut, [], settings);
    }

    private static readonly SurrogateColumn[] Columns =
    [
        Number("a", r => Uniform("a", r)),
        Number("b", r => 10 * Uniform("b", r)),
        Number("noise", r => Uniform("noise", r)),
    ];

    private static double A(int r) => Columns[0].Values[r];

    private static double B(int r) => Columns[1].Values[r];

    [Fact]
    public void An_additive_function_is_said_by_an_additive_model()
    {
        static double Target(int r) => Math.Sin(6 * A(r)) + 0.3 * B(r);
        var surrogate = Fit(SurrogateKind.Additive, Columns, Target);
        surrogate.Fidelity.RSquared.ShouldBeGreaterThan(0.995);
        surrogate.Fidelity.IsFaithful.ShouldBe(true);
        surrogate.FittedRows.ShouldBe(3000);
        surrogate.Fidelity.Rows.ShouldBe(1000);
        // The slope of b is 0.3 over 0 … 10 (standard deviation 0.866); sin 6a varies by 0.65; noise adds next to nothing.
        surrogate.Shapes[0].Feature.ShouldBe("b");
        surrogate.Shapes[0].Importance.ShouldBe(0.866, 0.05);
        surrogate.Shapes[1].Feature.ShouldBe("a");
        surrogate.Shapes.Where(s => s.Feature == "noise").ShouldAllBe(s => s.Importance < 0.03);
        double At(double x) => surrogate.Shapes[1].Points.First(p => x <= p.UpTo).Effect;
        (At(0.26) - At(0.78)).ShouldBe(Math.Sin(6 * 0.26) - Math.Sin(6 * 0.78), 0.1);
    }

    [Fact]
    public void Exclusive_or_is_not_and_the_model_says_so_but_a_tree_says_it()
    {
        static double Xor(int r) => A(r) > 0.5 ^ B(r) > 5 ? 1 : -1;
        var additive = Fit(SurrogateKind.Additive, Columns, Xor);
        additive.Fidelity.RSquared.ShouldBeLessThan(0.2);
        additive.Fidelity.IsFaithful.ShouldBe(false);
        // A greedy tree needs a first split that gains next to nothing, so it takes some more leaves than four.
        var tree = Fit(SurrogateKind.Tree, Columns, Xor, leaves: 32);
        tree.Fidelity.RSquared.ShouldBeGreaterThan(0.8);
        tree.Fidelity.IsFaithful.ShouldBe(true);
    }

    [Fact]
    public void A_tree_finds_a_planted_threshold_and_the_means_beside_it()
    {
        var tree = Fit(SurrogateKind.Tree, Columns, r => B(r) <= 3 ? 2 : -1, leaves: 2).Tree!;
        tree.Split!.Feature.ShouldBe("b");
        tree.Split.Threshold!.Value.ShouldBe(3, 0.1);
        tree.Yes!.Value.ShouldBe(2, 0.05);
        tree.No!.Value.ShouldBe(-1, 0.05);
        (tree.Yes.Rows + tree.No.Rows).ShouldBe(tree.Rows);
        tree.Yes.Split.ShouldBeNull();
    }

    [Fact]
    public void Ids_are_split_by_what_they_do()
    {
        var id = Enumerable.Range(0, Rows).Select(r => (long)(20 * Uniform("id", r))).ToArray();
        double Target(int r) => id[r] is 3 or 7 or 11 ? 5 : 0;
        double[] targets = [.. Enumerable.Range(0, Rows).Select(Target)];
        var codes = IdCodes.Learn(r => [id[r]], targets, [.. Enumerable.Range(0, Rows)]);
        var column = new SurrogateColumn("item", "item", [.. id.Select(i => codes[i])], codes.ById);
        var tree = Fit(SurrogateKind.Tree, [Columns[0], column], Target, leaves: 2).Tree!;
        tree.Split!.Ids!.ShouldBe([.. Enumerable.Range(0, 20).Select(i => (long)i).Except([3L, 7, 11])]);
        tree.No!.Value.ShouldBe(5, 1e-9);
        var additive = Fit(SurrogateKind.Additive, [Columns[0], column], Target);
        additive.Fidelity.RSquared.ShouldBeGreaterThan(0.99);
        var effects = additive.Shapes[0].Ids.ToDictionary(i => i.Id, i => i.Effect);
        (effects[7] - effects[0]).ShouldBe(5, 0.1);
    }

    [Fact]
    public void An_id_s_code_is_pulled_to_the_mean_as_by_ten_rows_and_an_unknown_one_is_the_mean()
    {
        double[] targets = [1, 1, 4];
        var codes = IdCodes.Learn(r => [r == 2 ? 9 : 5], targets, [0, 1, 2]);
        codes[5].ShouldBe((2 + 10 * 2.0) / 12, 1e-12);
        codes[9].ShouldBe((4 + 10 * 2.0) / 11, 1e-12);
        codes[77].ShouldBe(2);
    }

    [Fact]
    public void The_same_again_and_another_split_by_another_seed()
    {
        var (first, second) = (Fit(SurrogateKind.Tree, Columns, B), Fit(SurrogateKind.Tree, Columns, B));
        second.Fidelity.ShouldBe(first.Fidelity);
        second.Tree!.Yes!.Value.ShouldBe(first.Tree!.Yes!.Value);
        var targets = Columns[1].Values;
        var one = SurrogateFitter.Split(targets, new SurrogateSettings());
        var other = SurrogateFitter.Split(targets, new SurrogateSettings { Seed = 2 });
        one.HeldOut.ShouldNotBe(other.HeldOut);
        one.HeldOut.Concat(one.Fitted).Order().ShouldBe(Enumerable.Range(0, Rows));
    }

    [Fact]
    public void A_constant_is_neither_faithful_nor_not()
    {
        var surrogate = Fit(SurrogateKind.Tree, Columns, _ => 3);
        surrogate.Fidelity.IsFaithful.ShouldBeNull();
        surrogate.Tree!.Value.ShouldBe(3, 1e-12);
        surrogate.Tree.Split.ShouldBeNull();
        Fit(SurrogateKind.Additive, Columns, _ => 3).Intercept.ShouldBe(3, 1e-5);
    }
}
