"""Whether a question can be answered as it stands, and if not, the one thing that would help its asker most.

A false hint costs more than a missed one, so nothing is said unless the words are English or French and plainly show
it. `examine` gathers what is seen, and `hint` decides from that alone, in this order:

1. `ASKS_TO_ASK`: it asks whether it may ask, or whether a person can help, and goes no further.
2. `NO_QUESTION`: its author tells about themselves; nothing in it asks, wants, or tells of something going wrong.
3. `NO_OBJECT`: every single word of it could stand in any question ("any ML tips?").
4. `TOO_SHORT`: it names one thing, in five words or fewer.

Keys pressed at random are `NO_QUESTION` in every language (`_is_gibberish`).

No text is called vague for its length alone: "What is the difference between CTC and RNN-T loss?" has nine words and
wants no hint.

What a text names is what is left when the words of any question are taken away. So no list of topics is needed,
and a word that isn't known, or is misspelt, counts for the asker.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.everyday import ASKING, CHOICE, COMMON, EVERYDAY, FIELDS, FURTHER, GRAMMAR

SHORTEST = 20
"""Characters from which keys pressed at random can be told from a slip; shorter texts are refused anyway."""

FEW_WORDS = 5
"""So few words hardly hold what is known and what is wanted, where a choice or help is asked for."""

ENOUGH_NAMED = 3
"""With so many things named, "can someone help me with …" is a question already."""

UNSPOKEN_SHARE = 1 / 2
"""Share of words that can't be said from which a text is keys pressed at random."""

KNOWN_SHARE = 1 / 2
"""Share of the words that must be known before a text is judged, one of them grammar unless only one is unknown."""


class Hint(StrEnum):
    """One kind of vagueness; the first of these that is seen is the one worth mentioning."""

    ASKS_TO_ASK = "asks_to_ask"
    """It asks whether it may ask, or whether anyone could help: the question itself is still to come."""
    NO_QUESTION = "no_question"
    """Something is told, but nothing asks, wants or goes wrong: no one can tell what an answer would be about."""
    NO_OBJECT = "no_object"
    """Something is asked, but nothing named that tells this question from any other."""
    TOO_SHORT = "too_short"
    """One thing is named, and so little said of it that an answer would have to guess the rest."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What is seen in a text, before anything is made of it."""

    words: int
    """Words as people count them: "don't" and "RNN-T" are one each."""
    named: tuple[str, ...]
    """What it names: its words, in order and once each, without those of any question."""
    asks: bool
    """A question mark, an asking or wishing word, or something that goes wrong."""
    begins_with_me: bool
    """It opens with "I", "we", "je" or "nous", as people who introduce themselves do."""
    asks_to_ask: bool
    """It asks for permission to ask, for a person who knows, or whether a person could help, and nothing else."""
    asks_fact: bool
    """It asks what something is or means, why, when or whether it is so: little needs to be named for that."""
    is_read: bool
    """It is English or French as far as can be told; nothing else is judged."""


def hint(text: str, tried: str | None = None) -> Hint | None:
    """Return the one suggestion worth making about a question, or None where it stands well or isn't understood.

    What they tried is read as part of the question. Capitals and outer white space make no difference.
    """
    whole = text if tried is None else f"{text}\n{tried}"
    if _is_gibberish(whole):
        return Hint.NO_QUESTION
    found = examine(whole)
    if not found.is_read:
        return None
    return next((each for each, is_seen in _SIGNS.items() if is_seen(found)), None)


def examine(text: str) -> Findings:
    """Return what is seen in a text; its capitals and outer white space don't matter. O(characters)."""
    plain = _plain(text)
    pieces = _pieces(plain)
    return Findings(
        words=len(_WORD.findall(plain)),
        named=_named(pieces),
        asks="?" in plain or "？" in plain or not ASKING.isdisjoint(_PIECE.findall(plain)),
        begins_with_me=_BEGINS_WITH_ME.match(plain) is not None,
        asks_to_ask=_ASKS_TO_ASK.search(plain) is not None and not _asks_further(plain),
        asks_fact=_ASKS_FACT.search(plain) is not None,
        is_read=_is_read(text, pieces),
    )


def _only_asks_to_ask(found: Findings) -> bool:
    return found.asks_to_ask and len(found.named) < ENOUGH_NAMED


def _only_tells(found: Findings) -> bool:
    # What doesn't begin with its author may well be a symptom: "Training on Colab stops after 90 minutes."
    return found.begins_with_me and not found.asks


def _names_nothing(found: Findings) -> bool:
    return not found.named and not found.asks_fact


def _is_too_short(found: Findings) -> bool:
    return len(found.named) <= 1 and found.words <= FEW_WORDS and not found.asks_fact


_SIGNS: dict[Hint, Callable[[Findings], bool]] = {
    Hint.ASKS_TO_ASK: _only_asks_to_ask,
    Hint.NO_QUESTION: _only_tells,
    Hint.NO_OBJECT: _names_nothing,
    Hint.TOO_SHORT: _is_too_short,
}


def _is_gibberish(text: str) -> bool:
    """Tell whether a text holds no words: signs and digits only, one piece again and again, or keys at random.

    Only Latin letters are judged by their vowels, and abbreviations (CTC, LSTM) are none of it.
    """
    if len(text.strip()) < SHORTEST:
        return False
    words = [each for each in _WORD.findall(text) if any(letter.isalpha() for letter in each)]
    plain = [_plain(each) for each in words]
    if any(_NOT_LATIN.search(each) for each in plain):
        return False
    if len(set(plain)) <= 1 or any(_REPEATED.fullmatch(each) for each in plain):
        return len(set(plain)) <= FEW_WORDS
    odd = sum(not each.isupper() and _is_mashed(said) for each, said in zip(words, plain, strict=True))
    return odd >= len(words) * UNSPOKEN_SHARE and GRAMMAR.isdisjoint(plain)


def _is_mashed(word: str) -> bool:
    return _UNSPOKEN.search(word) is not None or (len(word) >= len("asdf") and word in _KEYS)


def _plain(text: str) -> str:
    """Return the text without capitals and accents, its lines as sentences, white space collapsed."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    unmarked = "".join(each for each in decomposed if not unicodedata.combining(each))
    lines = (
        " ".join(line.split()) for line in unmarked.replace("’", "'").replace("œ", "oe").replace("ı", "i").splitlines()
    )
    return " . ".join(line for line in lines if line)


def _pieces(plain: str) -> list[str]:
    """Return the words that aren't numbers, split at apostrophes and hyphens; plurals of known words as singulars."""
    return [_singular(each) for each in _PIECE.findall(plain) if not each.isdigit()]


def _singular(piece: str) -> str:
    without = piece.removesuffix("s")
    return without if _is_known(without) and not _is_known(piece) else piece


def _named(pieces: list[str]) -> tuple[str, ...]:
    """Return the words that name something: uncommon ones, common ones in company, and fields to choose from."""
    # A whole field is no object ("any ML tips?"), but a choice between two is a question ("Python or R?").
    fields = FIELDS.intersection(pieces)
    chosen = fields if len(fields) > 1 and not CHOICE.isdisjoint(pieces) else frozenset()
    found = dict.fromkeys(each for each in pieces if each in chosen or each in COMMON or not _is_known(each))
    return () if len(found) == 1 and not COMMON.isdisjoint(found) else tuple(found)


def _asks_further(plain: str) -> bool:
    """Tell whether a text that asks to ask goes on to a question of its own."""
    if not FURTHER.isdisjoint(_PIECE.findall(_ASKS_TO_ASK.sub(" ", plain))):
        return True
    rest = " ".join(each for each in _CLAUSE.findall(plain) if not _ASKS_TO_ASK.search(each))
    return "?" in rest and not all(map(_is_known, _pieces(rest)))


def _is_read(text: str, pieces: list[str]) -> bool:
    if not pieces or _UNREAD.search(unicodedata.normalize("NFC", text.casefold())):
        return False
    unknown = sum(not _is_known(each) for each in pieces)
    return unknown <= (1 - KNOWN_SHARE) * len(pieces) and (unknown <= 1 or not GRAMMAR.isdisjoint(pieces))


def _is_known(piece: str) -> bool:
    # Single letters are what elisions and contractions leave behind: "j'ai", "don't".
    return len(piece) == 1 or any(piece in each for each in (GRAMMAR, EVERYDAY, COMMON, FIELDS))


def _pattern(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern of whole words for `_plain` text: no accents, no capitals, no doubled spaces."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b")


_WORD = re.compile(r"\w+(?:['-]\w+)*")
_KEYS = "qwertyuiop asdfghjkl zxcvbnm azertyuiop qsdfghjklm"
_NOT_LATIN = re.compile(r"[^\W\d_a-zøłđðþħıæœßŋ]")
_REPEATED = re.compile(r"(.{1,4}?)\1{4,}")
"""Up to four letters, five times and more: "aaaaaa", "hahahahaha"."""
_UNSPOKEN = re.compile(
    r"^[bcdfghjklmnpqrstvxz]{4,}$|[bcdfghjklmnpqrstvxz]{5}|[qxz][bcdfghjklmnpqrtvxz]{2}|qw[^aeiouy]"
    r"|^asd|sdf|dfg|fgh|ghj|hjk|jkl|lkj|kjh|jhg|hgf|gfd|fds|zxc|xcv|cvb|vbn|vcx|cxz"
)
"""No vowel at all, more consonants in a row than words hold, or three neighbouring keys: "sdkfjh", "asdkj"."""
_PIECE = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r"[^.,:;!?]+[.,:;!?]?")

_UNREAD = re.compile(r"[¿¡]|[^\W\d_a-zàâæçéèêëîïôœùûÿ]")
"""A sign or letter that neither English nor French writes."""

# None of the patterns below repeats anything without a bound but the letters of one word, so none can backtrack badly.

_BEGINS_WITH_ME = re.compile(r".{0,25}?\b(?:i(?! (?:get|got|see))|we|je|j(?!'obtiens)|nous)\b")
_SOMEBODY = "(?:any|some) ?(?:one|body)"
_READY_TO = (
    "(?:(?:here|who|that|can|could|would|will|might|please|kindly|maybe|be|is|able|willing|free|to|spare|a|some|moment"
    "|minute|time|and|give|me) ){0,8}?"
)
_ASKS_TO_ASK = _pattern(
    "(?:can|could|may|might) (?:i|we) (?:please |just |quickly )?ask(?! for)|(?:to ask|if i ask) an?",
    "(?:have|'ve got|had|got|ask|asking) (?:you )?(?:an?|some|few|one) (?:few |quick |small )?questions?",
    f"{_SOMEBODY} (?:here )?(?:who|with|good|familiar|experienced|around|online|knows)|is there {_SOMEBODY}",
    "(?:any|are there) (?:\\w+ )?(?:experts?|specialists?)|(?:do we have|are there) any (?:\\w+ ){1,2}(?:in this|here)",
    "(?:can|could|may) i (?:get|have) (?:some |a little )?(?:help|support)|who (?:can|could|would) help|who here",
    f"(?:need|want|dm) {_SOMEBODY}|(?:could|can) one of you",
    f"(?:has|does) {_SOMEBODY} (?:here )?(?:ever )?(?:used|worked with|tried|understand|work on|work with|use)",
    f"{_SOMEBODY} {_READY_TO}(?:help|assist|support|guide|mentor|teach|advise|hand)",
    "(?:je peux|puis-je|pourrais-je|peut-on|on peut) (?:vous )?"
    "(?:poser|demander (?:quelque chose|un truc|conseil|de l'aide))",
    "j'(?:ai|aurais|avais) (?:une|des|quelques) (?:petites? )?questions?",
    "y (?:a|aurait)(?:-t)?(?:-il| t il)? (?:\\w+ |d')?(?:\\w+ )?(?:quelqu'un|experts?|gens|personnes? dispo\\w*)",
    "quelqu'un (?:ici )?(?:qui )?"
    "(?:de (?:cale|fort|bon|dispo\\w*)|travaille|bosse|s'y connait|maitrise|connait(?! (?:une?|des|le|la|les)\\b))",
    "qui (?:s'y connait|maitrise|est (?:fort|forte|bon|bonne|doue|douee|cale|calee))",
    "(?:quelqu'un|qui|vous|tu) (?:ici )?(?:peut|pourrait|pouvez|pourriez|peux|pourrais|veut|voudrait)(?: bien)?"
    " (?:me |m'|nous )?(?:\\w+er a )?(?:aider|accompagner|conseiller|guider|orienter)",
    "(?:pouvez|pourriez|pourrais|peux)[- ](?:vous|tu) (?:me |m'|nous )?(?:aider|conseiller|guider|orienter)",
)
_ASKS_FACT = _pattern(
    "what(?:'?s| is| are| does| was)(?! (?:the |a |an )?(?:\\w+est|most|better|good|wrong|right|way|your))",
    "(?:who|when|where|why|how) (?:is|are|was|were|do|does|did|would) (?!(?:i|we|you|it|this|my|one)\\b)",
    "why(?! ?\\?)(?! (?:is|are|do|does|did|would|should|\\w+n'?t))",
    "how (?:long|many|much|often|old)|mean|meaning|define|definition|differences?|examples? of",
    "^(?:is|are|was|does|did|can|could|will|would|should|has) (?!(?:you|i|we|any|anyone|anybody|some|one|there)\\b)",
    "qu'est[- ]ce[- ]qu(?:e (?!je)|'une?)|c'est quoi(?! (?:le|la|les) meil\\w+)|qui (?:est|sont)|ou (?:est|sont|se)",
    "a quoi sert|combien|signifie|veut dire|faut-il|peut-on|exemples? d[e']",
    "est-ce que? ?(?!je|j'|tu|vous|quelqu'un|il y a)|comment (?:est|sont|se|\\w+-(?:t-)?(?:il|elle|on|ils|elles))",
)
