"""The catalogue; that its texts fit Discord is looked at in tests/house."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import texts
from bot.texts import flatten, say


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues in place of Morsel's own."""
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    texts._catalogue.cache_clear()
    (tmp_path / "en.toml").write_text(
        '[ask]\nhello = "Hello {name}"\nbye = """\n\n  Bye\n"""\n[ask.again]\nhello = "Hi"\n'
    )
    (tmp_path / "fr.toml").write_text('[ask]\nhello = "Bonjour {name}"\n')
    yield tmp_path
    texts._catalogue.cache_clear()


def test_a_text_is_found_by_its_dotted_key_and_filled_in(catalogue: Path) -> None:
    assert say("ask.hello", name="Amina") == "Hello Amina"
    assert say("ask.again.hello") == "Hi"
    assert say("ask.bye") == "Bye"


@pytest.mark.parametrize("locale", ["fr", "fr-FR"])
def test_the_readers_language_comes_first(catalogue: Path, locale: str) -> None:
    assert say("ask.hello", locale, name="Amina") == "Bonjour Amina"


@pytest.mark.parametrize("locale", ["fr", "sw", "en-GB", "../../etc/passwd", ""])
def test_what_isnt_translated_is_english(catalogue: Path, locale: str) -> None:
    assert say("ask.bye", locale) == "Bye"


def test_words_that_look_like_a_placeholder_are_shown_as_they_are(catalogue: Path) -> None:
    assert say("ask.hello", name="{name} {0}") == "Hello {name} {0}"


def test_a_missing_text_or_parameter_is_a_mistake_of_ours(catalogue: Path) -> None:
    with pytest.raises(KeyError, match="no such key"):
        say("no such key")
    with pytest.raises(KeyError, match="name"):
        say("ask.hello")


def test_without_english_nothing_works(catalogue: Path) -> None:
    (catalogue / "en.toml").unlink()

    with pytest.raises(FileNotFoundError):
        say("ask.bye")


def test_a_table_is_flattened() -> None:
    assert flatten({"a": {"b": {"c": " text "}, "d": "x"}, "e": 1}) == {"a.b.c": "text", "a.d": "x", "e": "1"}
