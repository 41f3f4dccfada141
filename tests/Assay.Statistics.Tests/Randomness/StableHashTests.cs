namespace Assay.Statistics.Tests.Randomness;

public class StableHashTests
{
    // XXH3_64bits with seed 0 of "", "a" and "abc", as `xxhsum -H3` prints them.
    [Theory]
    [InlineData("", 0x2d06800538d394c2ul)]
    [InlineData("a", 0xe6c632b61e964e1ful)]
    [InlineData("abc", 0x78af5f94892f3950ul)]
    public void Of_text_is_XXH3_of_its_UTF8(string text, ulong expected) => StableHash.Of(text).ShouldBe(expected);

    [Fact]
    public void Numbers_are_hashed_as_little_endian_bytes()
    {
        StableHash.Of(0x0102030405060708L).ShouldBe(StableHash.Of([8, 7, 6, 5, 4, 3, 2, 1]));
        StableHash.Combine(1, 2).ShouldBe(StableHash.Of([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]));
        StableHash.Combine(1, 2).ShouldNotBe(StableHash.Combine(2, 1));
    }

    [Fact]
    public void Long_texts_are_hashed_like_their_bytes()
    {
        var text = new string('é', 700);
        StableHash.Of(text).ShouldBe(StableHash.Of(System.Text.Encoding.UTF8.GetBytes(text)));
    }
}
