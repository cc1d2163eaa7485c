"""Exact search over one guild's texts: by meaning in every encoder's space, and by words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Self

import numpy as np

from bot.routing.lexical import Lexicon
from bot.routing.owners import Owners, Top, Weave, spread, standardised
from bot.routing.ports import Flags, Ids, StoredText, Vectors
from bot.routing.space import Space, VectorRows

_LEXICAL_SHARE = 0.25
"""What words count beside meaning when one of a person's texts is named as the reason."""


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

    Rows are sorted by owner, then text: in any order, the same texts give the same scores.
    """

    owners: Owners
    text_ids: Ids = field(repr=False)
    """int64[n]"""
    weights: Vectors = field(repr=False)
    """float32[n]"""
    spaces: Mapping[str, Space] = field(repr=False)
    lexicon: Lexicon = field(repr=False)

    @classmethod
    def build(cls, texts: Sequence[StoredText]) -> Self:
        """Index texts that came in any order."""
        ordered = sorted(texts, key=attrgetter("owner_id", "id"))
        owners = Owners.of(np.asarray([text.owner_id for text in ordered], dtype=np.int64))
        models = sorted({model_id for text in ordered for model_id in text.vectors})
        spaces = {
            model_id: Space.build(VectorRows.pack([text.vectors.get(model_id) for text in ordered]), owners)
            for model_id in models
        }
        return cls(
            owners=owners,
            text_ids=np.asarray([text.id for text in ordered], dtype=np.int64),
            weights=np.asarray([text.weight for text in ordered], dtype=np.float32),
            spaces={model_id: space for model_id, space in spaces.items() if not space.is_empty},
            lexicon=Lexicon.build([text.text for text in ordered]),
        )

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.text_ids)

    def replace(self, owner_ids: Collection[int], texts: Sequence[StoredText]) -> Self:
        """Put `texts` in place of everything these owners had, as if all had been built again.

        Costs a copy of the matrix; encodes nothing, and reads no other text again.
        """
        fresh = self.build(texts)
        weave = Weave.of(self, fresh, owner_ids)
        return type(self)(
            owners=weave.owners,
            text_ids=weave.of_rows(self.text_ids, fresh.text_ids),
            weights=weave.of_rows(self.weights, fresh.weights),
            spaces={
                model_id: space
                for model_id in sorted(self.spaces.keys() | fresh.spaces.keys())
                if not (space := self.space(model_id).joined(fresh.space(model_id), weave)).is_empty
            },
            lexicon=self.lexicon.joined(weave.is_kept, fresh.lexicon, weave.places),
        )

    def space(self, model_id: str) -> Space:
        """Return what an encoder read, which may be nothing."""
        return self.spaces.get(model_id) or Space.none(self.owners)

    def score(self, text: str, vectors: Mapping[str, Vectors], shares: Mapping[str, float]) -> Scores:
        """Score every owner for a question, given float32[d] of it by model, and what each model counts.

        By meaning: the mean of an owner's three best cosines, and the cosine with the mean of all their vectors.
        Neither the maximum alone (one lucky phrase would win) nor the mean alone (people who list many interests would
        lose). By words, the mean of the three best again.
        """
        meaning = self._meaning(vectors, shares)
        bm25, tfidf = (self._top(scores) for scores in self.lexicon.score(text))
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

    def nearness(self, model_id: str, vector: Vectors, nothing: float) -> Vectors:
        """Return how near each owner is to float32[d] of a model: float32[m], cosines as `Owners.typical` has them.

        The three best alone would let one field of many speak for a person; all alone would let the many hide it. A
        row of less weight moves towards the cosine that means `nothing`, so that it counts less however others stand.
        """
        return self._nearest(self.spaces[model_id].cosines(vector), nothing)

    def nearness_in_words(self, text: str, nothing: float) -> Vectors:
        """Return the same of the telling words that they share with a text."""
        return self._nearest(self.lexicon.cosines(text), nothing)

    def can_read(self, model_id: str, question: Vectors | None) -> bool:
        """Tell whether there is anything to compare float32[d] of this model with."""
        space = self.spaces.get(model_id)
        if space is None or question is None or not space.rows.is_known.any():
            return False
        return bool(space.rows.halves.shape[1] == len(question))

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

    def _top(self, scores: Vectors) -> Top:
        """Weigh each row; a missing one counts as the mean of all as written, so that a weight moves no one else."""
        neutral = scores.mean() if len(scores) else np.float32(0)
        return self.owners.top(self._weighed(scores, neutral), neutral)

    def _nearest(self, cosines: Vectors, nothing: float) -> Vectors:
        return self.owners.typical(self._weighed(cosines, np.float32(nothing)))

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
