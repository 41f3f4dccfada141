using Assay.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Runtime;

/// <summary>What all use of ONNX Runtime shares: a silent environment, session options, native sessions.</summary>
internal static class Ort
{
    private static readonly Lock Gate = new();
    private static bool started;

    /// <summary>Creates the process-wide environment with its log turned off; failures arrive as exceptions anyway.</summary>
    public static void Start()
    {
        lock (Gate)
        {
            if (started)
                return;
            if (!OrtEnv.IsCreated)
            {
                var options = new EnvironmentCreationOptions
                {
                    logId = "assay",
                    logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
                };
                OrtEnv.CreateInstanceWithOptions(ref options);
            }
            started = true;
        }
    }

    /// <summary>Options for a session over a model whose external data lie in <paramref name="folder"/>.</summary>
    public static SessionOptions Options(SessionSettings settings, string? folder)
    {
        var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = settings.Threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = settings.Optimise
                ? GraphOptimizationLevel.ORT_ENABLE_ALL
                : GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        if (folder is not null)
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
        return options;
    }

    /// <summary>A native session; a refusal becomes an input error of one line.</summary>
    public static InferenceSession Open(OnnxModel model, SessionOptions options, bool guard = true)
    {
        try
        {
            return new InferenceSession((guard ? KernelGuards.Guard(model) : model).ToBytes(), options);
        }
        catch (OnnxRuntimeException e)
        {
            throw AssayException.Input($"ONNX Runtime refuses the model: {OrtErrors.Line(e)}", e);
        }
    }
}
