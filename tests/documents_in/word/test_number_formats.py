"""Numbers as Word's formats print them."""

import pytest

from sites.documents_in.extraction.word.number_formats import format_number

pytestmark = pytest.mark.unit


def row(form: str, *numbers: int) -> list[str | None]:
    return [format_number(form, number) for number in numbers]


@pytest.mark.parametrize(
    ("form", "numbers", "printed"),
    [
        ("decimal", (0, 1, 120), "0 1 120"),
        ("decimalZero", (1, 9, 10, 100), "01 09 10 100"),
        ("decimalFullWidth", (1, 10), "１ １０"),
        ("decimalFullWidth2", (1, 10), "１ １０"),
        ("decimalHalfWidth", (1, 10), "1 10"),
        ("upperRoman", (1, 4, 9, 14, 40, 90, 400, 1999), "I IV IX XIV XL XC CD MCMXCIX"),
        ("lowerRoman", (3, 8), "iii viii"),
        ("upperLetter", (1, 26, 27, 53), "A Z AA AAA"),
        ("lowerLetter", (2, 28), "b bb"),
        ("ordinal", (1, 2, 3, 4, 11, 12, 13, 21, 112), "1st 2nd 3rd 4th 11th 12th 13th 21st 112th"),
        ("hex", (10, 255), "A FF"),
        ("chicago", (1, 4, 5), "* § **"),
        ("decimalEnclosedCircle", (1, 20, 21, 50, 51), "① ⑳ ㉑ ㊿ 51"),
        ("decimalEnclosedCircleChinese", (1, 10), "① ⑩"),
        ("decimalEnclosedParen", (1, 20, 21), "⑴ ⒇ 21"),
        ("decimalEnclosedFullstop", (1, 20, 21), "⒈ ⒛ 21"),
        ("ideographEnclosedCircle", (1, 10, 11), "㊀ ㊉ 11"),
        ("chineseCounting", (1, 10, 11, 20, 21, 99, 100, 110), "一 十 十一 二十 二十一 九十九 一○○ 一一○"),
        (
            "chineseCountingThousand",
            (1, 10, 19, 30, 100, 101, 110, 111, 1001, 1010, 10_000, 10_010),
            "一 十 十九 三十 一百 一百零一 一百一十 一百一十一 一千零一 一千零一十 一万 一万零一十",
        ),
        ("chineseLegalSimplified", (1, 10, 11, 20, 105, 110), "壹 壹拾 壹拾壹 贰拾 壹佰零伍 壹佰壹拾"),
        ("ideographLegalTraditional", (2, 3, 6, 10), "貳 參 陸 壹拾"),
        ("ideographDigital", (1, 10, 11, 105), "一 一〇 一一 一〇五"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("ideographZodiac", (1, 12, 13), "子 亥 13"),
        ("ideographZodiacTraditional", (1, 2, 11, 13, 60, 61), "甲子 乙丑 甲戌 丙子 癸亥 61"),
        ("taiwaneseCounting", (10, 12, 100), "十 十二 一○○"),
        ("taiwaneseCountingThousand", (12, 101, 10_000), "十二 一百零一 一萬"),
        ("taiwaneseDigital", (10, 11), "一○ 一一"),
        ("japaneseCounting", (10, 11, 20, 100, 101, 1000), "十 十一 二十 百 百一 千"),
        ("japaneseLegal", (1, 10, 20), "壱 壱拾 弐拾"),
        ("japaneseDigitalTenThousand", (10,), "一〇"),
        ("aiueo", (1, 2), "ｱ ｲ"),
        ("aiueoFullWidth", (1, 46), "ア ン"),
        ("iroha", (1,), "ｲ"),
        ("irohaFullWidth", (1, 2), "イ ロ"),
        ("ganada", (1, 14), "가 하"),
        ("chosung", (1, 14), "ㄱ ㅎ"),
        ("koreanDigital", (10,), "일영"),
        ("koreanDigital2", (10,), "一零"),
        ("koreanCounting", (10, 11, 20), "십 십일 이십"),
        ("russianLower", (1, 2), "а б"),
        ("russianUpper", (3,), "В"),
        ("hebrew1", (1, 11, 15, 16, 115), "א יא טו טז קטו"),
        ("arabicAlpha", (1, 2), "أ ب"),
        ("arabicAbjad", (2, 3), "ب ج"),
        ("thaiNumbers", (10,), "๑๐"),
        ("thaiLetters", (1,), "ก"),
        ("hindiNumbers", (12,), "१२"),
    ],
)
def test_a_number_is_printed_as_word_does(form: str, numbers: tuple[int, ...], printed: str) -> None:
    assert row(form, *numbers) == printed.split(" ")


def test_numbers_in_words_and_dashes_have_spaces() -> None:
    assert row("cardinalText", 1, 21, 105) == ["One", "Twenty-one", "One hundred five"]
    assert row("ordinalText", 1, 12, 20, 21) == ["First", "Twelfth", "Twentieth", "Twenty-first"]
    assert row("numberInDash", 3) == ["- 3 -"]


def test_the_format_none_prints_nothing() -> None:
    assert row("none", 1, 7) == ["", ""]


def test_an_own_format_follows_its_examples() -> None:
    assert format_number("custom", 7, "001, 002, 003, ...") == "007"
    assert format_number("custom", 7, "α, β, γ") is None


def test_a_format_that_nobody_knows_is_said_to_be_unknown() -> None:
    assert row("bahtText", 1) == [None]


def test_absurd_numbers_end() -> None:
    for form in ("upperLetter", "upperRoman", "chineseCountingThousand", "chicago", "cardinalText"):
        assert len(format_number(form, 999_999_999) or "") < 60
