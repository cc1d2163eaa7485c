"""Words that tell what questions are about, and not who asked them."""

import math
import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from bot.routing.lexical import COMMON, MARKS

FILE = Path(__file__).with_name("common_words.toml")
FEWEST_WHO_SAY_IT = 3
"""Askers who used a word that is shown: a word of one or two may be theirs alone."""
MOST_WORDS = 3
_SHORTEST = 3
_ENGLISH = "en"
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`]*`", re.DOTALL)
_UNTOLD = re.compile(r"[@#/\\_=<>{}|~^:\d]\S|\S[@#/\\_=<>{}|~^\d]|\d|\w\.\w")
"""Marks of addresses, mentions, emoji, paths, names in code, and numbers."""
_WORD = re.compile(rf"[^\W\d_][^\W\d_{MARKS}]*(?:[{MARKS}]+[^\W\d_]*)*")
_ENDS = re.compile(r"[.!?:;…؟。]\W*$")


@dataclass(frozen=True, slots=True)
class AskedText:
    """The words of a question, and who asked it."""

    asker: int
    text: str
    is_english: bool | None
    """None: the language isn't known."""


def labels(texts: Sequence[AskedText], topics: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return up to three telling words of each topic, those of most weight first, from the topic of each text.

    A word weighs more the more of a topic's questions use it, and the fewer of all do. Left out are words that fewer
    than three askers of the topic used, and those that look like a name: mostly written with a capital inside a
    sentence, as German writes every noun, too.

    Source: class-based TF–IDF, Grootendorst 2022, https://arxiv.org/abs/2203.05794
    """
    read = [list(_words(each.text)) for each in texts]
    said = [_telling(words, _common(each.is_english)) for words, each in zip(read, texts, strict=True)]
    by_topic: defaultdict[int, Counter[str]] = defaultdict(Counter)
    askers: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
    for each, topic, words in zip(texts, topics, said, strict=True):
        by_topic[topic].update(words)
        for word in words:
            askers[topic, word].add(each.asker)
    everywhere = sum(by_topic.values(), Counter[str]())
    mean = everywhere.total() / max(1, len(by_topic))
    names = _names(chain.from_iterable(read))
    found = {}
    for topic, counts in by_topic.items():
        shared = [word for word in counts if len(askers[topic, word]) >= FEWEST_WHO_SAY_IT and word not in names]
        weight = {word: counts[word] * math.log(1 + mean / everywhere[word]) for word in shared}
        found[topic] = _first(sorted(shared, key=lambda word: (-weight[word], word)))
    return found


def _first(words: Sequence[str]) -> tuple[str, ...]:
    """Return the first few that aren't forms of one another."""
    chosen: list[str] = []
    for word in words:
        if not any(word.startswith(each) or each.startswith(word) for each in chosen):
            chosen.append(word)
    return tuple(chosen[:MOST_WORDS])


def _telling(words: Iterable[tuple[str, bool]], common: frozenset[str]) -> set[str]:
    return {word for each, _ in words if (word := each.lower()) not in common}


def _names(words: Iterable[tuple[str, bool]]) -> set[str]:
    """Return the words that look like names; how a sentence begins tells nothing."""
    with_capital, without = Counter[str](), Counter[str]()
    for word, is_first in words:
        counts = with_capital if word.istitle() else without
        counts[word.lower()] += not (is_first and word.istitle())
    return {word for word, count in with_capital.items() if count >= without[word]}


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of a text, and whether a sentence begins with each."""
    is_first = True
    for part in _CODE.sub(" . ", unicodedata.normalize("NFKC", text)).split():
        if not _UNTOLD.search(part):
            for word in _WORD.findall(part):
                if len(word) >= _SHORTEST:
                    yield word, is_first
                is_first = False
        is_first = bool(_ENDS.search(part)) or (is_first and not _WORD.search(part))


@cache
def _common(is_english: bool | None) -> frozenset[str]:  # noqa: FBT001
    """Return the words that tell nothing in a text; where its language isn't known, those of all."""
    lists = {name: frozenset(words.split()) for name, words in tomllib.loads(FILE.read_text("utf-8")).items()}
    english = COMMON | lists.pop(_ENGLISH)
    if is_english:
        return english
    others = frozenset().union(*lists.values())
    return others if is_english is False else others | english
