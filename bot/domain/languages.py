"""Whether two people have a language in common, in any country's variety of it."""

from collections.abc import Iterable
from functools import cache

_SAME = {
    "nb": "no", "nn": "no", "cmn": "zh", "fil": "tl", "iw": "he", "in": "id", "ji": "yi", "mo": "ro",
    "arb": "ar", "arz": "ar", "ary": "ar", "arq": "ar", "aeb": "ar", "apc": "ar", "ajp": "ar", "ars": "ar", "acm": "ar",
    "sr": "sh", "hr": "sh", "bs": "sh", "cnr": "sh", "hbs": "sh", "tw": "ak", "fat": "ak", "kmr": "ku",
    "pes": "fa", "prs": "fa", "swh": "sw", "swc": "sw", "zsm": "ms", "ekk": "et", "lvs": "lv", "als": "sq",
    "zho": "zh", "chi": "zh", "eng": "en", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "por": "pt",
    "ita": "it", "nld": "nl", "dut": "nl", "rus": "ru", "ara": "ar", "swa": "sw", "hin": "hi", "jpn": "ja", "kor": "ko",
}  # fmt: skip
"""Tags of what people understand of each other, or that are older names of the same, by the tag they count as.

Source: ISO 639-3's macrolanguages (nor, zho, ara, fas, swa, msa, hbs, aka, kur), https://iso639-3.sil.org/code_tables/macrolanguage_mappings/data
"""


@cache
def base(tag: str) -> str:
    """Return the language of a tag without its country or script: "pt-BR" and "pt_PT" are both "pt"."""
    language = tag.strip().casefold().replace("_", "-").partition("-")[0]
    return _SAME.get(language, language)


def share_a_language(theirs: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether two people have a language in common; with a person who named none, everyone does."""
    some, more = set(map(base, theirs)), set(map(base, others))
    return not some or not more or not some.isdisjoint(more)
