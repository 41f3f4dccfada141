using Assay.Cli;

return Application.Run(args, Terminal.OfProcess());
