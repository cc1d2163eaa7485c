"""Who has a language in common, however each of them named it."""

from itertools import product

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.languages import base, share_a_language

TAGS = sorted(Locale("en").languages)
PLACES = ("", "-US", "_GB", "-Latn", "_Hans_CN", "-419", "-x-odd")
COMMON = [
    ("en-GB", "en-US"), ("en_GB", "en"), ("pt-BR", "pt-PT"), ("pt_BR", "pt"), ("nb", "no"), ("nn", "nb"), ("no", "nn"),
    ("zh-Hans", "zh-CN"), ("zh_Hant", "zh"), ("cmn", "zh-TW"), ("fr-CA", "fr-CH"), ("de_AT", "de-CH"), ("fil", "tl"),
    ("arz", "ar-001"), ("fa-AF", "prs"), ("sr-Latn", "sr-Cyrl"), ("EN", "en"), ("es-419", "es-ES"), ("iw", "he"),
    ("sr", "hr"), ("bs", "sr-Cyrl"), ("hr", "sh"), ("hbs", "cnr"), ("tw", "ak"), ("kmr", "ku"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), COMMON)
def test_countries_scripts_and_older_names_divide_nobody(one: str, other: str) -> None:
    assert share_a_language([one], [other])
    assert share_a_language(["ja", other], ["sw", one])


@pytest.mark.parametrize(("one", "other"), [("pt", "es"), ("nb", "da"), ("zh", "yue"), ("en", "eo"), ("ga", "gaa")])
def test_other_languages_stay_others(one: str, other: str) -> None:
    assert not share_a_language([one], [other])


@given(st.sampled_from(TAGS), st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_a_language_is_itself_wherever_it_is_spoken(tag: str, here: str, there: str) -> None:
    language = tag.partition("_")[0]
    assert share_a_language([language + here], [language.upper() + there])
    assert base(base(tag)) == base(tag)


def test_a_person_who_named_none_is_kept_from_nobody() -> None:
    for some, more in product(([], ["en"], ["fr", "pt-BR"]), repeat=2):
        assert share_a_language(some, more) is (not some or not more or some == more)
        assert share_a_language(some, more) is share_a_language(more, some)
