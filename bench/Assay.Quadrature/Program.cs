using System.Globalization;
using Assay.Quadrature;

// usage: FOLDER (of the real case) errors|adaptive|ceiling [ROWS]
if (args.Length < 2 || !Directory.Exists(args[0]))
{
    Console.WriteLine("usage: FOLDER errors|adaptive|ceiling [ROWS]; the folder holds models/ and data/.");
    return 2;
}
var rows = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 256;
switch (args[1])
{
    case "errors":
        ErrorTable.Write(args[0], rows);
        break;
    case "adaptive":
        AdaptiveTable.Write(args[0], rows);
        break;
    default:
        CeilingTable.Write(args[0], rows);
        break;
}
return 0;
