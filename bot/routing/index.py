"""Exact search over one guild's texts: by meaning in every encoder's space, and by words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

from bot.routing.lexical import Lexicon
from bot.routing.owners import Owners, Places, Top, spread, standardised
from bot.routing.ports import Ids, StoredText, Vectors
from bot.routing.space import Flags, Rows, Space

_LEXICAL_SHARE = 0.25
"""What words count beside meaning when one of somebody's texts is named as the reason."""
_REINDEXED_AT_ONCE = 200_000
"""Characters whose words are indexed anew at every change, in 0.1 s; of more, once a hundredth of the texts changed."""

Texts = npt.NDArray[np.object_]
_Any = TypeVar("_Any", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each owner fits one question; rows go by ascending owner id.

    Each kind of evidence is standardised over the owners: in standard deviations from their middle.
    """

    owner_ids: Ids
    """int64[m]"""
    text_ids: Ids
    """int64[m], the text of each owner that fits best"""
    nearness: Vectors
    """float32[m], the best cosine of each owner in the space that counts most"""
    dense: Vectors
    """float32[m], as are the next three"""
    profile: Vectors
    bm25: Vectors
    tfidf: Vectors
    is_match: Flags
    """bool[m], whether anything speaks for the owner at all"""


@dataclass(frozen=True, slots=True)
class Index:
    """Texts by owner, never changed: a replacement gives a new index, so that a search may run beside it.

    Rows are sorted by owner, then text: whatever order they came in, the same texts give the same scores.
    """

    owners: Owners
    text_ids: Ids = field(repr=False)
    """int64[n]"""
    texts: Texts = field(repr=False)
    """str[n]"""
    weights: Vectors = field(repr=False)
    """float32[n]"""
    spaces: Mapping[str, Space] = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    places: Places = field(repr=False)
    """int32[n], each row's place in the lexicon; -1 where its words aren't indexed yet"""

    @classmethod
    def build(cls, texts: Sequence[StoredText], lexicon: Lexicon | None = None) -> Self:
        """Index texts that came in any order; None: their words too."""
        ordered = sorted(texts, key=attrgetter("owner_id", "id"))
        owners = Owners.of(np.asarray([text.owner_id for text in ordered], dtype=np.int64))
        models = sorted({model_id for text in ordered for model_id in text.vectors})
        rows = {model_id: Rows.pack([text.vectors.get(model_id) for text in ordered]) for model_id in models}
        words = np.asarray([text.text for text in ordered], dtype=object)
        return cls(
            owners=owners,
            text_ids=np.asarray([text.id for text in ordered], dtype=np.int64),
            texts=words,
            weights=np.asarray([text.weight for text in ordered], dtype=np.float32),
            spaces={model_id: Space.build(each, owners) for model_id, each in rows.items()},
            lexicon=Lexicon.build(words.tolist()) if lexicon is None else lexicon,
            places=np.arange(len(ordered), dtype=np.int32),
        )

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.text_ids)

    def replace(self, owner_ids: Collection[int], texts: Sequence[StoredText]) -> Self:
        """Put `texts` in place of everything these owners had; costs a copy of the matrix, encodes nothing."""
        fresh = self.build(texts, self.lexicon)
        is_kept = ~np.isin(self.owners.of_each_row, np.fromiter(owner_ids, dtype=np.int64))
        joining = _Joining(self, is_kept, fresh)
        owners = Owners.of(joining.column(self.owners.of_each_row, fresh.owners.of_each_row))
        words = joining.column(self.texts, fresh.texts)
        places = joining.column(self.places, self._places_of(fresh))
        is_due = self._is_outdated(places, words)
        return type(self)(
            owners=owners,
            text_ids=joining.column(self.text_ids, fresh.text_ids),
            texts=words,
            weights=joining.column(self.weights, fresh.weights),
            spaces={
                model_id: Space.build(rows, owners)
                for model_id in sorted(self.spaces.keys() | fresh.spaces.keys())
                if (rows := joining.rows(model_id)).is_known.any()
            },
            lexicon=Lexicon.build(words.tolist()) if is_due else self.lexicon,
            places=np.arange(len(words), dtype=np.int32) if is_due else places,
        )

    def _places_of(self, fresh: Self) -> Places:
        """Return int32[k], where the words of another index's texts are indexed already; -1 where they aren't."""
        places = zip(self.text_ids.tolist(), self.texts, self.places.tolist(), strict=True) if len(fresh) else ()
        known = {(text_id, text): place for text_id, text, place in places}
        texts = zip(fresh.text_ids.tolist(), fresh.texts, strict=True)
        return np.asarray([known.get(text, -1) for text in texts], dtype=np.int32)

    def _is_outdated(self, places: Places, texts: Texts) -> bool:
        """Tell whether the words have to be indexed anew for these rows."""
        missing, gone = int((places < 0).sum()), self.lexicon.size - len(places)
        changed = missing + max(gone, 0)
        is_little = sum(map(len, texts)) <= _REINDEXED_AT_ONCE
        return changed > 0 and (is_little or changed * 100 > len(places))

    def score(self, text: str, vectors: Mapping[str, Vectors], shares: Mapping[str, float]) -> Scores:
        """Score every owner for a question, given float32[d] of it by model, and what each model counts.

        By meaning: the mean of an owner's three best cosines, and the cosine with the mean of all their vectors.
        Neither the maximum alone (one lucky phrase would win) nor the mean alone (whoever lists many interests would
        lose). By words, the mean of the three best again.
        """
        meaning = self._meaning(vectors, shares)
        bm25, tfidf = (self._top(self._in_rows(scores)) for scores in self.lexicon.score(text))
        rows = meaning.rows + np.float32(_LEXICAL_SHARE) * (spread(bm25.rows) + spread(tfidf.rows))
        return Scores(
            owner_ids=self.owners.ids,
            text_ids=self.text_ids[self.owners.best(rows)],
            nearness=meaning.nearness,
            dense=standardised(meaning.dense),
            profile=standardised(meaning.profile),
            bm25=standardised(bm25.mean),
            tfidf=standardised(tfidf.mean),
            is_match=(meaning.nearness > 0) | (bm25.best > 0) | (tfidf.best > 0),
        )

    def can_read(self, model_id: str, question: Vectors | None) -> bool:
        """Tell whether there is anything to compare float32[d] of this model with."""
        space = self.spaces.get(model_id)
        return space is not None and question is not None and space.rows.halves.shape[1] == len(question)

    def _meaning(self, vectors: Mapping[str, Vectors], shares: Mapping[str, float]) -> "_Meaning":
        """Add up what the spaces say, each by its share; the nearness is of the one that counts most."""
        nothing = np.zeros(len(self.owners), dtype=np.float32)
        meaning = _Meaning(np.zeros(len(self), dtype=np.float32), nothing, nothing, nothing)
        known = [each for each in shares.keys() & vectors.keys() if self.can_read(each, vectors[each])]
        for model_id in sorted(known, key=lambda each: (shares[each], each)):
            meaning = meaning.joined(self._read(self.spaces[model_id], vectors[model_id]), np.float32(shares[model_id]))
        return meaning

    def _read(self, space: Space, question: Vectors) -> "_Meaning":
        cosines = space.cosines(question)
        top = self._top(cosines)
        known = top.rows if space.rows.is_known.all() else np.where(space.rows.is_known, top.rows, np.float32(0))
        return _Meaning(
            rows=spread(top.rows),
            nearness=top.best if top.rows is cosines else self.owners.highest(cosines),
            dense=standardised(top.mean),
            profile=standardised(space.profiles(self.owners.sums(known))),
        )

    def _in_rows(self, scores: Vectors) -> Vectors:
        """Put the lexicon's scores into the rows' order; a text whose words aren't indexed yet scores like the mean."""
        if not len(scores):
            return np.zeros(len(self), dtype=np.float32)
        placed: Vectors = np.where(self.places < 0, scores.mean(), scores[self.places])
        return placed

    def _top(self, scores: Vectors) -> Top:
        """Weigh each row; a missing one counts as the mean of all as written, so that a weight moves nobody else."""
        neutral = scores.mean() if len(scores) else np.float32(0)
        return self.owners.top(self._weighed(scores, neutral), neutral)

    def _weighed(self, scores: Vectors, neutral: np.float32) -> Vectors:
        """Move what speaks for a row towards the middle, or away from it, as its weight says."""
        if not (self.weights != 1).any():
            return scores
        moved: Vectors = np.where(scores > neutral, neutral + self.weights * (scores - neutral), scores)
        return moved


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What spaces say: the rows float32[n], the others float32[m]."""

    rows: Vectors
    nearness: Vectors
    dense: Vectors
    profile: Vectors

    def joined(self, other: Self, share: np.float32) -> Self:
        return type(self)(
            rows=self.rows + share * other.rows,
            nearness=other.nearness,
            dense=self.dense + share * other.dense,
            profile=self.profile + share * other.profile,
        )


class _Joining:
    """What is kept of one index and all of another, in the order of owner and text."""

    def __init__(self, before: Index, is_kept: Flags, fresh: Index) -> None:
        self._before, self._is_kept, self._fresh = before, is_kept, fresh
        owner_ids = np.concatenate((before.owners.of_each_row[is_kept], fresh.owners.of_each_row))
        self._order = np.lexsort((np.concatenate((before.text_ids[is_kept], fresh.text_ids)), owner_ids))

    def column(self, before: npt.NDArray[_Any], fresh: npt.NDArray[_Any]) -> npt.NDArray[_Any]:
        return np.concatenate((before[self._is_kept], fresh))[self._order]

    def rows(self, model_id: str) -> Rows:
        known = [index.spaces[model_id].rows for index in (self._before, self._fresh) if model_id in index.spaces]
        dimension = max((each.halves.shape[1] for each in known), default=0)
        before, fresh = (_rows_of(index, model_id, dimension) for index in (self._before, self._fresh))
        return Rows(self.column(before.halves, fresh.halves), self.column(before.is_known, fresh.is_known))


def _rows_of(index: Index, model_id: str, dimension: int) -> Rows:
    space = index.spaces.get(model_id)
    if space is not None and space.rows.halves.shape[1] == dimension:
        return space.rows
    return Rows(np.zeros((len(index), dimension), dtype=np.uint16), np.zeros(len(index), dtype=bool))
