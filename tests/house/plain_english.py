"""How plainly the texts, the pages and the code speak, in figures: `python -m tests.house.plain_english`.

Syllables are counted by the rule of Lingua::EN::Syllable (Greg Fast): groups of vowels, and endings that add one or
take one away. The libraries on the index load word lists while running (textstat, py-readability-metrics) or are GPL.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.house.source import ROOT, python_files, read, tree
from tests.house.texts import catalogue

STIFF = re.compile(
    r"\b(?:who(?:so)?ever|whom(?:ever|soever)?|nobody|somebody|anybody|everybody|anew|lest|hence(?:forth)?|hitherto"
    r"|what(?:so)?ever|where(?:ver|upon|by|in|of)|here(?:by|in|of|upon|after|tofore)|there(?:by|in|of|upon|after)"
    r"|forthwith|aforementioned)\b",
    re.IGNORECASE,
)
"""Words that make a sentence hard for people who read English as a second language."""

FOLDERS = ("bot", "cogs", "models", "migrations", "playground", "benchmarks", "evaluation", "reliability", "tests")

SENTENCE = 5
"""Words. Anything shorter is a label or a heading, and would flatter the mean."""

CODE = re.compile(r"``[^`]*``|`[^`]*`|<[^<>\s]*>|https?://\S+")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
END = re.compile(r"(?<=[.!?…])[*_”\"')\]]*\s+(?=[\W_]*[A-Z0-9{])|\n+|\s+·\s+|(?<=:)\s+(?=[A-Z])")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")

FEWER = ("cial", "tia", "cius", "cious", "giu", "ion", "iou", "sia$", "[^aeiuoyt]{2,}ed$", ".ely$")
MORE = ("ia", "riet", "dien", "iu", "io", "ii", "[aeiouym]bl$", "[aeiou]{3}", "^mc", "ism$", r"([^aeiouy])\1l$")
"""Where a word has a syllable fewer or more than groups of vowels."""


class Passage(NamedTuple):
    """A stretch of prose and the place it stands at, as an editor or a reader of the catalogue finds it."""

    place: str
    text: str


class Figures(NamedTuple):
    """What is kept: words, stiff ones among a thousand, words a sentence, and the Flesch–Kincaid grade."""

    words: int
    stiff: float
    length: float
    grade: float


def texts() -> list[Passage]:
    """Return what the English catalogue says."""
    return [passage for section in sections().values() for passage in section]


def sections() -> dict[str, list[Passage]]:
    """Return the English catalogue's passages by the first part of their keys."""
    found: dict[str, list[Passage]] = {}
    for key, text in catalogue("en").items():
        found.setdefault(key.partition(".")[0], []).append(Passage(f"bot/texts/en.toml {key}", plain(text)))
    return found


def page(name: str) -> list[Passage]:
    """Return a Markdown page's paragraphs, items, headings and cells; code is none of them."""
    found: list[tuple[int, str]] = []
    fenced = continued = False
    for number, line in enumerate(read(name).splitlines(), 1):
        bare = line.strip()
        fenced ^= bare.startswith("```")
        if fenced or not bare or bare.startswith(("```", "|--", "|:-", "![", "<")):
            continued = False
        elif bare.startswith("|"):
            found += [(number, cell) for cell in bare.strip("|").split("|")]
            continued = False
        elif continued and not re.match(r"[-*#>]+ |\d+\. ", bare):
            found[-1] = (found[-1][0], f"{found[-1][1]} {bare}")
        else:
            found.append((number, bare))
            continued = not bare.startswith("#")
    return [Passage(f"{name}:{number}", plain(re.sub(r"^(?:[-*#>]+|\d+\.) ", "", text))) for number, text in found]


def code(*folders: str) -> list[Passage]:
    """Return the docstrings and the comments under some folders."""
    return [passage for file in python_files(*folders) for passage in (*docstrings(file), *comments(file))]


def docstrings(file: Path) -> Iterator[Passage]:
    """Yield a file's docstrings, those of its constants among them."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield Passage(f"{file.relative_to(ROOT)}:{node.lineno}", paragraphs(node.value.value))


def comments(file: Path) -> Iterator[Passage]:
    """Yield a file's comments, those on lines that follow each other as one; what tools read is none."""
    last = (-1, -1)
    block: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline):
        if token.type != tokenize.COMMENT or re.match(r"#\s*(?:type:|noqa|fmt:|pragma|!)", token.string):
            continue
        row, column = token.start
        if block and (row - len(block), column) != last:
            yield Passage(f"{file.relative_to(ROOT)}:{last[0]}", plain(" ".join(block)))
            block = []
        last = last if block else (row, column)
        block.append(token.string.lstrip("# "))
    if block:
        yield Passage(f"{file.relative_to(ROOT)}:{last[0]}", plain(" ".join(block)))


def paragraphs(text: str) -> str:
    """Return a docstring with the lines of each paragraph joined."""
    return "\n".join(" ".join(each.split()) for each in plain(text).split("\n\n"))


def plain(text: str) -> str:
    """Return a text without its marks; a piece of code or a placeholder stays as one short word."""
    linked = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(
        r"(?<!\w)[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}(?!\w)", "", PLACEHOLDER.sub("Name", CODE.sub("Code", linked))
    )


def sentences(passages: Iterable[Passage]) -> list[Passage]:
    """Return the sentences of some passages, each with its place."""
    found = [Passage(each.place, part.strip()) for each in passages for part in END.split(each.text)]
    return [each for each in found if len(WORD.findall(each.text)) >= SENTENCE]


def stiff(passages: Iterable[Passage]) -> list[Passage]:
    """Return the sentences and labels that use a stiff word."""
    return [Passage(each.place, part) for each in passages for part in END.split(each.text) if STIFF.search(part)]


def figures(passages: list[Passage]) -> Figures:
    """Return the figures of some passages; of nothing there are none, and it is an error."""
    words = [word for each in passages for word in WORD.findall(each.text)]
    counted = sentences(passages)
    assert words, "nothing to read"
    assert counted, "not a sentence"
    hits = sum(len(STIFF.findall(each.text)) for each in passages)
    return Figures(len(words), 1000 * hits / len(words), mean_length(counted), grade(counted))


def mean_length(counted: list[Passage]) -> float:
    """Return how many words a sentence has."""
    return sum(len(WORD.findall(each.text)) for each in counted) / len(counted)


def grade(counted: list[Passage]) -> float:
    """Return the Flesch–Kincaid grade: years of school in English that reading it takes.

    Source: Kincaid and others, Derivation of new readability formulas for Navy enlisted personnel, 1975.
    """
    words = [word for each in counted for word in WORD.findall(each.text)]
    return 0.39 * mean_length(counted) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """Return how many syllables a word has, or seems to have."""
    bare = re.sub(r"['’]|e$", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", bare))
    more, fewer = (sum(bool(re.search(each, bare)) for each in endings) for endings in (MORE, FEWER))
    return max(1, groups + more - fewer)


def pages() -> list[str]:
    """Return the Markdown pages of the repository's top and docs."""
    return sorted(str(file.relative_to(ROOT)) for file in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))


def report() -> Iterator[str]:
    """Yield the figures, a line each."""
    rows = {
        "texts": texts(),
        "texts, operator's left out": [each for each in texts() if " operator." not in each.place],
    }
    rows |= {name: page(name) for name in pages()} | {f"{folder}/": code(folder) for folder in FOLDERS}
    yield f"{'':40}{'words':>8}{'stiff/1000':>12}{'words/sentence':>16}{'grade':>7}"
    for name, passages in rows.items():
        found = figures(passages)
        yield f"{name:40}{found.words:8}{found.stiff:12.1f}{found.length:16.1f}{found.grade:7.1f}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report())
