using Assay.Onnx;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Runtime.Tests;

public class SessionTests
{
    private static OnnxModel Lookup() =>
        new SmallModel()
            .Input("ids", DataType.Int64, "batch")
            .Tensor("table", TensorData.From([0f, 1, 10, 11, 20, 21], 3, 2))
            .Node("Gather table ids -> rows")
            .Output("rows", DataType.Float, "batch", 2)
            .Load();

    private static Dictionary<string, TensorData> Ids(params long[] ids) => new() { ["ids"] = TensorData.Int64s(ids) };

    [Fact]
    public void Runs_and_writes_in_place()
    {
        using var session = Session.Open(Lookup());
        session.Run(Ids(2, 0))["rows"].Span<float>().ToArray().ShouldBe([20, 21, 0, 1]);
        var into = new Dictionary<string, TensorData> { ["rows"] = TensorData.From(new float[4], 2, 2) };
        session.Run(Ids(1, 2), into);
        into["rows"].Span<float>().ToArray().ShouldBe([10, 11, 20, 21]);
    }

    [Fact]
    public void Several_threads_get_what_one_gets()
    {
        using var session = Session.Open(Lookup());
        var results = new float[64][];
        Parallel.For(0, 64, i => results[i] = session.Run(Ids(i % 3, 1))["rows"].Span<float>().ToArray());
        for (var i = 0; i < 64; i++)
            results[i].ShouldBe(session.Run(Ids(i % 3, 1))["rows"].Span<float>().ToArray());
    }

    public static TheoryData<string, string> WrongFeeds =>
        new()
        {
            { "missing", "Input 'ids' is not fed; it expects int64 [batch]." },
            { "extra", "The model has no input 'more'; its inputs are 'ids'." },
            { "type", "Input 'ids' expects int64 [batch], but was given int32 [1]." },
            { "rank", "Input 'ids' expects int64 [batch], but was given int64 [1, 1]." },
            {
                "range",
                "Gather 'n_rows' cannot compute these inputs: indices element out of data bounds, idx=7 must be within the inclusive range [-3,2]"
            },
        };

    [Theory]
    [MemberData(nameof(WrongFeeds))]
    public void Wrong_feeds_are_input_errors_of_one_line(string what, string message)
    {
        var feeds = what switch
        {
            "missing" => [],
            "extra" => new(Ids(1)) { ["more"] = TensorData.Int64s(1) },
            "type" => new() { ["ids"] = TensorData.From([1], 1) },
            "rank" => new() { ["ids"] = TensorData.From([1L], 1, 1) },
            _ => Ids(7),
        };
        using var session = Session.Open(Lookup());
        var error = Should.Throw<AssayException>(() => session.Run(feeds));
        error.Message.ShouldBe(message);
        error.Fault.ShouldBe(Fault.Input);
    }

    [Fact]
    public void An_unknown_output_is_named()
    {
        using var session = Session.Open(Lookup());
        Should
            .Throw<AssayException>(() => session.Run(Ids(1), ["score"]))
            .Message.ShouldBe("The model has no output 'score'; its outputs are 'rows'.");
    }

    [Fact]
    public void A_result_buffer_of_another_shape_is_refused()
    {
        using var session = Session.Open(Lookup());
        var into = new Dictionary<string, TensorData> { ["rows"] = TensorData.From(new float[2], 1, 2) };
        Should.Throw<AssayException>(() => session.Run(Ids(1, 2), into)).Fault.ShouldBe(Fault.Usage);
        into["rows"] = TensorData.From(new double[4], 2, 2);
        Should.Throw<AssayException>(() => session.Run(Ids(1, 2), into)).Fault.ShouldBe(Fault.Usage);
        into["rows"] = TensorData.From(new string[4], 2, 2);
        Should.Throw<AssayException>(() => session.Run(Ids(1, 2), into)).Fault.ShouldBe(Fault.Usage);
    }

    [Fact]
    public void Running_out_of_memory_is_a_failure_and_not_the_inputs_fault()
    {
        var model = new SmallModel()
            .Input("size", DataType.Int64, 1)
            .Node("ConstantOfShape size -> y")
            .Output("y", DataType.Float, "n")
            .Load();
        using var session = Session.Open(model);
        var feeds = new Dictionary<string, TensorData> { ["size"] = TensorData.Int64s(1L << 45) };
        var error = Should.Throw<AssayException>(() => session.Run(feeds));
        error.Fault.ShouldBe(Fault.Failed);
        error.Message.ShouldStartWith("ConstantOfShape 'n_y' ran out of memory: ");
    }

    [Fact]
    public void Messages_do_not_carry_places_in_ONNX_Runtimes_source()
    {
        var newer = new SmallModel(ir: 99)
            .Input("x", DataType.Float, "n")
            .Node("Relu x -> y")
            .Output("y", DataType.Float, "n")
            .Load();
        Should
            .Throw<AssayException>(() => Session.Open(newer))
            .Message.ShouldStartWith("ONNX Runtime refuses the model: Unsupported model IR version: 99");
        var product = new SmallModel()
            .Input("a", DataType.Float, "n", "m")
            .Input("b", DataType.Float, "k", "l")
            .Node("MatMul a b -> y")
            .Output("y", DataType.Float, "n", "l")
            .Load();
        using var session = Session.Open(product);
        var square = TensorData.From(new float[6], 2, 3);
        Should
            .Throw<AssayException>(() =>
                session.Run(new Dictionary<string, TensorData> { ["a"] = square, ["b"] = square })
            )
            .Message.ShouldBe("MatMul 'n_y' cannot compute these inputs: MatMul dimension mismatch");
    }

    [Fact]
    public void A_model_that_ONNX_Runtime_refuses_is_an_input_error()
    {
        var model = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Node("NoSuchOperator x -> y")
            .Output("y", DataType.Float, "n")
            .Load();
        var error = Should.Throw<AssayException>(() => Session.Open(model));
        error.Fault.ShouldBe(Fault.Input);
        error.Message.ShouldStartWith("ONNX Runtime refuses the model: ");
        error.Message.ShouldContain("NoSuchOperator");
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Custom_operators_are_refused()
    {
        var small = new SmallModel()
            .Input("x", DataType.Float, "n")
            .Node("Mine x -> y")
            .Output("y", DataType.Float, "n");
        small.Proto.Graph.Node[0].Domain = "acme";
        small.Proto.OpsetImport.Add(new Onnx.Wire.OperatorSetIdProto { Domain = "acme", Version = 1 });
        Should.Throw<AssayException>(() => Session.Open(small.Load())).Message.ShouldContain("acme");
    }

    public static TheoryData<DataType> Types =>
        [
            DataType.Float,
            DataType.Double,
            DataType.Float16,
            DataType.Int64,
            DataType.Int32,
            DataType.Int16,
            DataType.Int8,
            DataType.Uint64,
            DataType.Uint32,
            DataType.Uint16,
            DataType.Uint8,
            DataType.Bool,
            DataType.String,
        ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_element_type_passes_in_and_out(DataType type)
    {
        var given =
            type == DataType.String ? TensorData.From(["é", "", "ab"], 3) : TensorData.From([1.0, 0, 1], 3).Cast(type);
        var model = new SmallModel().Input("x", type, "n").Node("Identity x -> y").Output("y", type, "n").Load();
        using var session = Session.Open(model);
        var got = session.Run(new Dictionary<string, TensorData> { ["x"] = given })["y"];
        got.Type.ShouldBe(type);
        got.Values.ShouldBe(given.Values);
        var none = TensorData.Create(type, [0], ElementTypes.NewArray(type, 0));
        session.Run(new Dictionary<string, TensorData> { ["x"] = none })["y"].Dims.ShouldBe([0]);
    }

    [Fact]
    public void External_data_are_read_from_the_models_folder()
    {
        var folder = Directory.CreateTempSubdirectory("assay-test-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "w.bin"), TensorData.From([9f, 1, 2, 3], 4).Bytes());
            var small = new SmallModel()
                .Input("x", DataType.Float, 3)
                .Tensor("w", TensorData.From([0f, 0, 0], 3))
                .Node("Add x w -> y")
                .Output("y", DataType.Float, 3);
            var w = small.Proto.Graph.Initializer[0];
            w.ClearRawData();
            w.DataLocation = Onnx.Wire.TensorProto.Types.DataLocation.External;
            foreach (var (key, value) in new[] { ("location", "w.bin"), ("offset", "4"), ("length", "12") })
                w.ExternalData.Add(new Onnx.Wire.StringStringEntryProto { Key = key, Value = value });
            var path = Path.Combine(folder.FullName, "m.onnx");
            new OnnxModel(small.Proto, folder.FullName).Save(path);
            using var session = Session.Open(OnnxModel.Load(path));
            var feeds = new Dictionary<string, TensorData> { ["x"] = TensorData.From([10f, 20, 30], 3) };
            session.Run(feeds)["y"].Span<float>().ToArray().ShouldBe([11, 22, 33]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
