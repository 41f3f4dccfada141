namespace Assay.Studies;

/// <summary>Texts of ids, from the vocabularies that a dictionary names.</summary>
public static class ValueLabels
{
    /// <summary>From a value of a column, as text, to its label; the value itself where there is none.</summary>
    /// <param name="dictionary">The dictionary; of one without vocabularies values stay as they are.</param>
    /// <param name="column">A column of the data.</param>
    /// <exception cref="Onnx.AssayException">Input: the file of vocabularies cannot be read.</exception>
    public static Func<string, string> Of(FeatureDictionary dictionary, string column) =>
        new Vocabularies(dictionary.VocabularyFile, dictionary).Labeller(
            new SegmentDefinition
            {
                Name = column,
                Kind = SegmentKind.Column,
                Column = column,
            }
        );
}
