"""Whether a question can be answered as it stands, and if not, the one thing that would help its asker most.

A false hint costs more than a missed one, so nothing is said unless the words are English or French and plainly show
it. `examine` gathers what is seen, and `hint` decides from that alone, in this order:

1. `ASKS_TO_ASK`: it asks whether it may ask, or whether a person can help, and goes no further.
2. `NO_QUESTION`: nothing in it asks, wants, or tells of something going wrong.
3. `NO_OBJECT`: every single word of it could stand in any question ("any ML tips?").
4. `TOO_SHORT`: one thing is named, and there is hardly more than that, or only help with it is asked for.

Keys pressed at random are `NO_QUESTION` in every language (`_is_gibberish`).

Twenty words are a sign among others: no text is called vague for having fewer. Below twenty, asking to ask is enough to
be told so; with twenty and more, only where next to nothing is named. "What is the difference between CTC and RNN-T
loss?" has nine words and wants no hint.

What a text names is what is left when the words of any question are taken away. So no list of topics is needed,
and a word that isn't known, or is misspelt, counts for the asker.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.everyday import COMMON, EVERYDAY, FIELDS, GRAMMAR

ENOUGH_WORDS = 20
"""From here on a text that asks to ask may well hold its question too."""

SHORTEST = 20
"""Characters from which keys pressed at random can be told from a slip; shorter texts are refused anyway."""

FEW_WORDS = 5
"""So few words hardly hold what is known and what is wanted, where a choice or help is asked for."""

HEADING_WORDS = 8
"""Up to so many words may be a heading, which asks nothing; more are rather something that went wrong."""

ENOUGH_NAMED = 3
"""With so many things named, "can someone help me with …" is a question already."""

UNSPOKEN_SHARE = 1 / 2
"""Share of words that can't be said from which a text is keys pressed at random."""

KNOWN_SHARE = 1 / 2
"""Share of the words that must be known before a text is judged, one of them grammar unless only one is unknown.

Source: of 40,186 sentences of the Universal Declaration of Human Rights in some 500 other languages, 13 get a hint.
"""


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
    is_heading: bool
    """It has neither a verb that headings lack nor a full stop: "Graph neural networks for drug discovery"."""
    asks_leave: bool
    """It asks for leave to ask, or for a person who knows, and nothing beside."""
    asks_for_help: bool
    """It asks whether anyone could help, and nothing beside."""
    asks_meaning: bool
    """It asks what something is or means, for a difference or a number: nothing more needs to be named."""
    asks_fact: bool
    """It asks why, when, how or whether something is so, not what to do: few words are enough for that."""
    asks_generally: bool
    """It wants help, advice or a way to begin, or says no more than that something goes wrong."""
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
    asks_further = _asks_further(plain)
    return Findings(
        words=len(_WORD.findall(plain)),
        named=_named(plain, pieces),
        asks=_asks(plain),
        begins_with_me=_BEGINS_WITH_ME.match(plain) is not None,
        is_heading=not plain.endswith(".") and _FINITE.search(plain) is None,
        asks_leave=not asks_further and _ASKS_LEAVE.search(plain) is not None,
        asks_for_help=not asks_further and _ASKS_HELP.search(plain) is not None,
        asks_meaning=_ASKS_MEANING.search(plain) is not None,
        asks_fact=_ASKS_FACT.search(plain) is not None,
        asks_generally=_ASKS_GENERALLY.search(plain) is not None,
        is_read=_is_read(text, pieces),
    )


def _only_asks_to_ask(found: Findings) -> bool:
    if len(found.named) < ENOUGH_NAMED:
        return found.asks_leave or found.asks_for_help
    return found.asks_leave and found.words < ENOUGH_WORDS


def _only_tells(found: Findings) -> bool:
    # What doesn't begin with its author may well be a symptom: "Training on Colab stops after 90 minutes."
    return not found.asks and (found.begins_with_me or (found.is_heading and found.words <= HEADING_WORDS))


def _names_nothing(found: Findings) -> bool:
    is_fact = found.asks_fact and found.words > FEW_WORDS and not found.asks_generally
    return not found.named and not found.asks_meaning and not is_fact


def _is_too_short(found: Findings) -> bool:
    if len(found.named) > 1 or found.asks_meaning:
        return False
    if found.asks_generally:
        return found.words < ENOUGH_WORDS
    return found.words <= FEW_WORDS and not found.asks_fact


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
    lines = (" ".join(line.split()) for line in unmarked.replace("’", "'").replace("œ", "oe").splitlines())
    return " . ".join(line for line in lines if line)


def _pieces(plain: str) -> list[str]:
    """Return the words that aren't numbers, split at apostrophes and hyphens; plurals of known words as singulars."""
    return [_singular(each) for each in _PIECE.findall(plain) if not each.isdigit()]


def _singular(piece: str) -> str:
    without = piece.removesuffix("s")
    return without if _is_known(without) and not _is_known(piece) else piece


def _named(plain: str, pieces: list[str]) -> tuple[str, ...]:
    """Return the words that name something: uncommon ones, and common ones or fields in company."""
    fields = {each for each in pieces if each in FIELDS}
    # A whole field is no object ("any ML tips?"), but a choice between two is a question ("Python or R?").
    chosen = fields if len(fields) > 1 and _CHOICE.search(plain) else set()
    found = dict.fromkeys(each for each in pieces if each in chosen or each in COMMON or not _is_known(each))
    return () if len(found) == 1 and not COMMON.isdisjoint(found) else tuple(found)


def _asks(plain: str) -> bool:
    return any(each.search(plain) for each in (_ASKS, _ASKS_AT_START, _GOES_WRONG))


def _asks_further(plain: str) -> bool:
    """Tell whether a text that asks to ask goes on to a question of its own."""
    if _ASKS_FURTHER.search(_ASKS_LEAVE.sub(" ", _ASKS_HELP.sub(" ", plain))):
        return True
    clauses = _CLAUSE.findall(plain)
    rest = " ".join(each for each in clauses if not _ASKS_LEAVE.search(each) and not _ASKS_HELP.search(each))
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

_SOMEBODY = "(?:any|some) ?(?:one|body)"
_READY_TO = (
    "(?:(?:here|who|that|can|could|would|will|might|please|kindly|maybe|be|is|able|willing|free|to|spare|a|some|moment"
    "|minute|time|and|give|me) ){0,8}?"
)

_ASKS = re.compile(
    "[?？]|"
    + _pattern(
        "how|what|why|whether|wonder(?:ing)?|explain|recommend\\w*|suggest\\w*|advi[cs]e|tips?|help|please|pl[sz]",
        "(?<!you )needs?|want|understand|stuck|struggling|confus\\w+|unclear|unsure|curious|lost|difference|hoping",
        "looking for|would like|appreciated?|i'?d (?:like|love)|(?:tell|show|give|send|teach|guide) me|let me know",
        "any ideas?|comment|pourquoi|quel(?:le)?s?|quoi|combien|est-ce|qu'est|faut-il|peut-on|dois-je|puis-je",
        "expliquer?|recommand\\w+|conseil\\w*|astuces?|aide[rz]?|svp|stp|plait|besoin|comprend\\w*|bloquee?|galere",
        "perdue?|cherche|aimerais|voudrais|souhaite\\w*|veux|demande si|savoir|une idee|des idees|au secours",
    ).pattern
)
_ASKS_AT_START = re.compile(
    r"(?:^|[.!:;,)] ?)(?:(?:and|but|so|et|mais|donc) )?"
    + _pattern(
        "which|when|where|who|is|are|am|do|does|did|can|could|should|would|will|has|have|any|anyone|anybody|someone",
        "somebody|qui|quand|ou|des|y a|quelqu'un|a quoi|existe",
        "(?:the |some )?(?:examples?|applications?|advantages|steps|tricks|best ways?|comparison|references?|ideas)"
        " (?:of|to|for|on|about)",
        "(?:exemples?|applications?|avantages|etapes|comparaison|references?|ressources?) (?:de|pour|sur|entre)",
    ).pattern
)
_GOES_WRONG = _pattern(
    "\\w+n't|cannot|cant|doesnt|dont|isnt|wont|not|never|errors?|exceptions?|fail\\w*|crash\\w*|bugs?|broken|wrong",
    "problems?|issues?|trouble|nan|out of memory|hangs?|freezes?|diverges?|explodes?|collapses?|drops?|stops?",
    "stays?|plateaus?|zero|slow|too|instead|but|however|although|despite|every time",
    "mais|pourtant|alors que|malgre|cependant|reste|tombe|chute|explose|lent|trop|toujours|au lieu",
    "pas|jamais|erreurs?|plante\\w*|echoue\\w*|problemes?|soucis?|bizarre",
)
_BEGINS_WITH_ME = re.compile(r".{0,25}?\b(?:i(?! (?:get|got|see))|we|je|j(?!'obtiens)|nous)\b")
_FINITE = _pattern(
    "is|are|was|were|has|have|does|do|did|returns?|gives?|says|shows?|takes?|makes?|gets?|goes|went|est|sont|ont|fait"
)
_ASKS_GENERALLY = _pattern(
    "help (?:me|us|with|please|pls)|(?:please|pls|need|any|some|your|appreciate) help|advi[cs]e|tips?|guidance",
    "suggestions?|get started|where (?:to|should i|do i|can i) (?:start|begin)|not working",
    "(?:doesn't|doesnt|don't|not) work|errors?|bugs?",
    "besoin d'aide|aide[rz]?[ -]moi|aide (?:pour|sur|avec|en|svp|stp)|m'aider|conseils?|astuces|pistes?",
    "(?:par )?ou commencer|(?:marche|fonctionne)(?:nt)? pas|erreurs?|plante|help$",
)

_ASKS_LEAVE = _pattern(
    "(?:can|could|may|might) (?:i|we) (?:please |just |quickly )?ask(?! for)",
    "(?:i have|i'?ve got|i had|got|ask|asking) (?:you )?(?:a|an|some|few|one) (?:few |quick |small )?questions?",
    f"(?:is|are) (?:there )?(?:{_SOMEBODY}|any experts?) (?:\\w+ )?(?:here|around|online|available|who|good|familiar)",
    "any ?(?:one|body) (?:here )?(?:who|with|good|familiar|experienced|willing|around|available|online|awake|knows)",
    f"is there {_SOMEBODY}|(?:can|could|may) i (?:get|have) (?:some |a little )?(?:help|support)",
    "(?:ok|okay|fine|possible|alright) (?:to ask|if i ask)|who (?:can|could|would) help",
    f"{_SOMEBODY} (?:(?:who|that) (?:knows|can|could|is good)|with (?:experience|knowledge|expertise))",
    f"(?:need|want|looking for|talk to|dm|message|contact) {_SOMEBODY}",
    "any ?(?:one|body) (?:here )?know (?:about|anything|much|well)",
    "(?:any|are there) (?:\\w+ )?(?:experts?|specialists?)|who here (?:is|knows|has|can|does)",
    "(?:do we have|are there) (?:any )?(?:\\w+ )?(?:\\w+s) (?:in this|here)|(?:could|can) (?:one|any) of you",
    "(?:right|good) (?:place|channel) to ask",
    "(?:je peux|puis-je|pourrais-je|peut-on|on peut|je pourrais) (?:vous )?"
    "(?:poser|demander (?:quelque chose|un truc|conseil|de l'aide))",
    "j'(?:ai|aurais|avais) (?:une|des|quelques) (?:petites? )?questions?",
    "y (?:a|aurait)(?:-t)?(?:-il| t il)? (?:\\w+ |d')?(?:\\w+ )?(?:quelqu'un|experts?|personnes? dispo\\w*)",
    "y a des gens (?:ici|qui (?:bossent|travaillent|connaissent|s'y connaissent|maitrisent))",
    "(?:cherche|besoin de|besoin d') ?quelqu'un",
    "quelqu'un (?:ici )?(?:de (?:cale|fort|bon|dispo\\w*)|travaille|bosse)|coup de main",
    "quelqu'un (?:a|aurait) (?:du temps|un moment|un instant|une minute|deux minutes)",
    "quelqu'un (?:ici )?(?:qui )?(?:s'y connait|maitrise|connait(?! (?:une?|des|le|la|les)\\b))",
    "qui (?:s'y connait|maitrise|est (?:fort|forte|bon|bonne|doue|douee|cale|calee))",
)
_ASKS_HELP = _pattern(
    f"{_SOMEBODY} {_READY_TO}(?:help|assist|support|guide|mentor|advise|hand)",
    "(?:can|could|would|will) you (?:please |kindly |maybe )?(?:help|assist|support|guide|mentor|advise)",
    "has any ?(?:one|body) (?:here )?(?:ever )?(?:used|worked with|tried)",
    "does any ?(?:one|body) (?:here )?(?:understand|work on|work with|use|do)",
    "(?:quelqu'un|qui|vous|tu) (?:ici )?(?:peut|pourrait|pouvez|pourriez|peux|pourrais|veut|voudrait)(?: bien)?"
    " (?:me |m'|nous )?(?:\\w+er a )?(?:aider|accompagner|conseiller|guider|orienter)",
    "(?:pouvez|pourriez|pourrais|peux)[- ](?:vous|tu) (?:me |m'|nous )?(?:aider|conseiller|guider|orienter)",
)
_ASKS_FURTHER = _pattern(
    "how|what|why|which|whether|when|where|explain|difference|recommend|tutorials?|books?|papers? on|resources?|choose",
    "comment|pourquoi|quel(?:le)?s?|quoi|combien|quand|si|expliquer?|recommander|tutoriels?|livres?|ressources?",
    "faut-il|choisir",
)
_ASKS_MEANING = _pattern(
    "what(?:'?s| is| are| does| was)(?! (?:the |a |an )?(?:\\w+est|most|better|good|wrong|right|way|your))",
    "who (?:is|are|was)|when (?:did|was|were)|(?:what|which) year|(?:does|do|did) (?:\\w+ ){1,4}?mean",
    "meaning of|define|definition|differences?",
    "how (?:long|many|much|often|old)|combien|signifie|veut dire",
    "qu'est[- ]ce (?:que? )?c'est|qu'est[- ]ce[- ]qu(?:e (?!je)|'une?)|a quoi sert",
    "c'est quoi(?! (?:le|la|les) meil\\w+)|qui (?:est|sont)",
)
_ASKS_FACT = _pattern(
    "^(?:is|are|was|does|did|can|could|will|would|should|has) (?!(?:you|i|we|any|anyone|anybody|some|one|there)\\b)",
    "(?:why|when) (?:is|are|do|does|did|would|should) (?!it |this |my )",
    "why(?! ?\\?)(?! (?:is|are|do|does|did|would|should|\\w+n'?t))",
    "how (?:is|are|does|would|many|much|long|often) (?!i |we |one |my )|examples? of|where (?:is|are|does|did)",
    "ou (?:est|sont|se)|(?:pourquoi|quand)(?! (?:mon|ma|mes|ca|cela)\\b)|combien|faut-il|peut-on|exemples? d[e']",
    "est-ce que? ?(?!je|j'|tu|vous|quelqu'un|il y a)|comment (?:est|sont|se|\\w+-(?:t-)?(?:il|elle|on|ils|elles))",
)
_CHOICE = _pattern("or|vs|versus|than|between|ou|entre|plutot|que")
