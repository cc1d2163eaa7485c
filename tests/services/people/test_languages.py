"""Languages as people write them, and as they read them."""

import discord
import pytest

from bot.errors import Invalid
from bot.services.people.languages import MOST, language_name, read_languages, write_languages
from bot.services.people.languages import _names as names

LOCALES = sorted({locale.value for locale in discord.Locale} | {"ar", "sw"})


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("", ()),
        (" , ;\n ", ()),
        ("en", ("en",)),
        ("EN, Fr", ("en", "fr")),
        ("English", ("en",)),
        ("français, Kiswahili, العربية, 日本語", ("fr", "sw", "ar", "ja")),
        ("English and French", ("en", "fr")),
        ("English/French; German\nSpanish", ("en", "fr", "de", "es")),
        ("العربية، English、français，sw", ("ar", "en", "fr", "sw")),
        ("English, en, ENGLISH", ("en",)),
        ("Norwegian Bokmål", ("nb",)),
        ("pt-BR", ("pt-BR",)),
        ("PT_br, EN-us", ("pt-BR", "en-US")),
        ("zh-hans-cn, zh-Hant, es-419", ("zh-Hans-CN", "zh-Hant", "es-419")),
        ("Brazilian Portuguese + British English", ("pt-BR", "en-GB")),
        ("English & French", ("en", "fr")),
        ("anglais et français", ("en", "fr")),
        ("EN/FR", ("en", "fr")),
        ("Deutsch und English | español", ("de", "en", "es")),
        ("Mandarin, farsi, norsk", ("zh", "fa", "no")),
    ],
)
def test_tags_and_names_are_read(written: str, tags: tuple[str, ...]) -> None:
    assert read_languages(written) == tags


@pytest.mark.parametrize(
    ("written", "locale", "tag"),
    [("Englisch", "de", "en"), ("anglais", "fr", "en"), ("inglês", "pt-BR", "en"), ("English", "fr", "en")],
)
def test_names_in_the_readers_language_are_read_too(written: str, locale: str, tag: str) -> None:
    assert read_languages(written, locale) == (tag,)


@pytest.mark.parametrize(
    "written",
    [
        "Klingonese",
        "en, Klingonese",
        "🙂",
        "<@1>",
        "e" * 500,
        "en-XX",
        "qq-BR",
        "en fr",
        "a little English",
        "en-GB-oed",
        "und",
        "zxx",
        "no linguistic content",
        "multiple languages",
    ],
)
def test_what_is_no_language_is_named_back_shortly(written: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_languages(written)

    assert refusal.value.key == "profile.unknown_language"
    assert len(str(refusal.value.params["language"])) <= 40


def test_a_few_languages_are_enough() -> None:
    many = list(names("en"))[: MOST + 1]

    assert len(read_languages(",".join(many[:MOST]))) == MOST
    with pytest.raises(Invalid) as refusal:
        read_languages(",".join(many))
    assert (refusal.value.key, refusal.value.params) == ("profile.too_many_languages", {"limit": MOST})


@pytest.mark.parametrize("locale", LOCALES)
def test_a_language_is_named_in_every_language_of_discord(locale: str) -> None:
    assert language_name("fr", locale) != "fr"
    assert language_name("no such tag", locale) == "no such tag"


def test_an_unknown_locale_reads_english() -> None:
    assert language_name("fr", "xx-YY") == "French"


@pytest.mark.parametrize("locale", ["en", "fr", "de", "pt", "sw", "ar", "hi"])
def test_what_is_written_is_read_back(locale: str) -> None:
    tags = [tag.replace("_", "-") for tag in names(locale)]
    misread = [tag for tag in tags if read_languages(write_languages([tag], locale, 200), locale) != (tag,)]

    assert not misread


def test_a_tag_as_it_was_once_kept_reads_like_todays() -> None:
    assert write_languages(["en_GB", "zh_Hans_CN"], "en", 200) == "British English, zh-Hans-CN"
    assert language_name("en_GB", "fr") == language_name("en-GB", "fr") == "anglais britannique"
    assert language_name("zh-CN") == "Chinese (CN)"


def test_a_name_that_is_another_languages_tag_is_written_as_its_own_tag() -> None:
    assert write_languages(["ga", "gaa"], "en", 200) == "Irish, gaa"


def test_a_tag_nobody_has_a_name_for_stays_as_it_is() -> None:
    assert write_languages(["zzz-old", "en"], "en", 200) == "zzz-old, English"


def test_names_that_dont_fit_become_tags() -> None:
    tags = ["frr", "pdt", "nds", "yue", "mfe"]
    as_names = write_languages(tags, "en", 200)

    assert len(as_names) > len("frr, pdt, nds, yue, mfe")
    assert write_languages(tags, "en", len(as_names) - 1) == "frr, pdt, nds, yue, mfe"
