"""From a question's words to the people who could help, whichever models are there to read them."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import numpy as np
import structlog

from bot.routing.activity import Activity, Numbers
from bot.routing.fit import ENGLISH, MULTILINGUAL, WORDS, Near, fit
from bot.routing.fusion import fusion_for
from bot.routing.index import Index, Scores
from bot.routing.ports import (
    Answered,
    Community,
    CommunitySource,
    Evidence,
    Ids,
    Likeness,
    Match,
    MultilingualEmbedder,
    Query,
    StoredText,
    Vectors,
    WarmingEmbedder,
    readable,
)
from bot.routing.reading import Reading
from bot.routing.turns import Turns
from bot.tasks import describe

log = structlog.get_logger(__name__)

_Result = TypeVar("_Result")

_INLINE_ROWS = 500
"""Texts up to which sorting and searching stay in the event loop: about 1 ms, and a sweep ranks for many questions."""
_INLINE_CHANGED = 100
"""Texts up to which an index is made in the event loop: about 10 ms."""
MOST_TEXTS = 100_000
"""Texts kept in memory, about 2 KB each; of more, the communities go that had no question for longest."""
_ENGLISH, _OTHER = (1.0, 0.5), (0.25, 1.0)
"""What the English and the multilingual model count for a question in English, and in any other language.
Source: `python -m evaluation`, tasks topics, xquestions and related."""
_COMMON_PRIOR = 8
"""Questions that the mean of all statements stands for, until there are some."""
_NEAR_ENGLISH, _NEAR_CENTRED = 0.6, 0.1
"""Cosines from which an earlier question is worth a look: in the English space as they are, in the other one centred.
Of questions that people linked as alike about a quarter lie above the first, three quarters of translations above
the second; of questions that have no like, a quarter and one in twenty."""
_LIKE = {"bm25": 0.1, "tfidf": 0.1}
"""What words count beside meaning when earlier questions are compared with a new one."""


@dataclass(slots=True)
class _Centre:
    """The sum of a community's questions in one space: what they have in common says nothing about any of them."""

    total: Vectors
    count: int

    def mean(self, statements: Vectors) -> Vectors:
        """Return float32[d], shrunk towards the mean of the texts that are searched."""
        mean: Vectors = (self.total + _COMMON_PRIOR * statements) / np.float32(self.count + _COMMON_PRIOR)
        return mean


@dataclass(slots=True)
class _Books:
    """An index, and what changed since it was made: kept aside, because a load may be under way that missed it."""

    index: Index | None = None
    replaced: dict[int, Sequence[StoredText]] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def current(self) -> Index:
        """Return the index with every change in it."""
        async with self.lock:
            index = self.index or Index.build(())
            if self.replaced:
                replaced = dict(self.replaced)
                texts = [one for some in replaced.values() for one in some]
                change = partial(index.replace, replaced, texts)
                index = await _beside(len(index) + len(texts), change, _INLINE_CHANGED)
                self.index = index
                _remove_done(self.replaced, replaced)
            return index


@dataclass(slots=True)
class _Shelf:
    """What is known of one guild, loaded at the first question."""

    helpers: _Books = field(default_factory=_Books)
    solved: _Books = field(default_factory=_Books)
    activity: Activity = field(default_factory=lambda: Activity.build(()))
    answers: list[Answered] = field(default_factory=list)
    """What came since `activity` was made."""
    centres: dict[str, _Centre] = field(default_factory=dict)
    is_loaded: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __len__(self) -> int:
        """Count the texts that are in memory."""
        return sum(len(books.index) for books in (self.helpers, self.solved) if books.index)

    async def take_over_answers(self) -> None:
        """Count the answers that came; one that comes meanwhile is left for the next time."""
        new = tuple(self.answers)
        if new:
            self.activity = await _beside(len(self.activity), lambda: self.activity.add(new))
            del self.answers[: len(new)]


@dataclass(frozen=True, slots=True)
class Router:
    """Encodes texts and ranks members; keeps what it has read of a guild until it is told of a change."""

    english: WarmingEmbedder | None
    multilingual: MultilingualEmbedder | None
    source: CommunitySource
    most_texts: int = MOST_TEXTS
    """Texts kept in memory; the community that was used last stays, however many it has."""
    _turns: Turns = field(default_factory=Turns, init=False, repr=False)
    _shelves: OrderedDict[int, _Shelf] = field(default_factory=OrderedDict, init=False, repr=False)
    """The one used last at the end."""

    @property
    def encoders(self) -> tuple[WarmingEmbedder, ...]:
        """The models that every text ought to be encoded with."""
        return tuple(each for each in (self.english, self.multilingual) if each is not None)

    @property
    def _reading(self) -> Reading:
        return Reading(self.english, self.multilingual, self._turns)

    async def encode(self, texts: Sequence[str], person: int | None = None) -> list[dict[str, bytes]]:
        """Encode statements by every model that is warm and in time; what is missing waits for a sweep. Never refuses.

        `person` is the one the work counts for: one text of each is read at a time.
        """
        return await self._reading.statements(texts, person)

    async def read(self, text: str, person: int | None = None) -> Query:
        """Get a question ready to be searched with, by every model that is warm and in time.

        Takes 1 to 3,000 ms. Never refuses. `person` is the one the work counts for: one text of each is read at a time.
        """
        return await self._reading.question(text, person)

    async def rank(
        self,
        guild_id: int,
        query: Query,
        now: datetime,
        *,
        within: timedelta | None = None,
        limit: int | None = 50,
        among: Collection[int] | None = None,
    ) -> list[Match]:
        """List the best `limit` members (None: all) to ask `now`, best first; ties go to the lower member id.

        With `among`, only these are listed, though all are compared.

        A person without any evidence comes last, with an expertise of 0. The first question of a guild waits for its
        statements to be read.
        """
        shelf = await self._shelf(guild_id)
        index = await shelf.helpers.current()
        activity, score = shelf.activity, self._scoring(shelf, index, query)

        def ranked() -> list[Match]:
            scores = score()
            fusion = fusion_for(len(activity), has_meaning=bool(query.vectors))
            expertise = fusion.expertise(scores)
            availability = fusion.availability(activity.habits(scores.owner_ids, now, within))
            order = np.lexsort((scores.owner_ids, -expertise * availability))
            if among is not None:
                order = order[np.isin(scores.owner_ids[order], np.fromiter(among, dtype=np.int64))]
            order = order[:limit]
            return _matches(scores, order, expertise, availability)

        return await _beside(len(index) + len(activity), ranked)

    async def fits(self, guild_id: int, query: Query) -> dict[int, float]:
        """Say of each member how well they fit a text, on a scale that is the same for every text: see `fit`.

        Ranking tells who comes first; this tells whether anyone who does is worth asking.
        """
        shelf = await self._shelf(guild_id)
        index = await shelf.helpers.current()
        fits = await _beside(len(index), lambda: fit(self._near(index, query)))
        return dict(zip(index.owners.ids.tolist(), fits.tolist(), strict=True))

    async def similar(self, guild_id: int, query: Query, *, limit: int | None = None) -> list[Likeness]:
        """List the earlier questions that were answered, most alike first, the older one first where two are equal."""
        shelf = await self._shelf(guild_id)
        index = await shelf.solved.current()
        scores = await _beside(len(index), self._scoring(shelf, index, query))
        score = scores.dense + _LIKE["bm25"] * scores.bm25 + _LIKE["tfidf"] * scores.tfidf
        order = np.lexsort((scores.owner_ids, -score))[:limit]
        floor = self._nearness_floor(query, index)
        return [Likeness(int(scores.owner_ids[row]), bool(scores.nearness[row] >= floor)) for row in order.tolist()]

    def replace(self, guild_id: int, member_id: int, statements: Sequence[StoredText]) -> None:
        """Take over everything one member offers now (nothing: they are left out); call right after the commit."""
        if guild_id in self._shelves:
            self._shelves[guild_id].helpers.replaced[member_id] = tuple(statements)

    def settle(self, guild_id: int, question_id: int, question: StoredText | None) -> None:
        """Take over that a question is answered (None: is not, or no longer); call right after the commit."""
        if guild_id in self._shelves:
            self._shelves[guild_id].solved.replaced[question_id] = (question,) if question else ()

    def note_answer(self, guild_id: int, answer: Answered) -> None:
        """Take over that a person answered; call right after the commit."""
        if guild_id in self._shelves:
            self._shelves[guild_id].answers.append(answer)

    def note_question(self, guild_id: int, query: Query) -> None:
        """Take over that a question was asked, for what questions here have in common; call right after the commit."""
        if guild_id in self._shelves:
            _add(self._shelves[guild_id].centres, query.vectors)

    def forget(self, guild_id: int) -> None:
        """Drop what was read of a guild; the next question reads it again."""
        self._shelves.pop(guild_id, None)

    async def warm(self, guild_ids: Iterable[int]) -> None:
        """Read these guilds, those first that matter most, as long as there is room; none is used by it."""
        for guild_id in guild_ids:
            if guild_id in self._shelves:
                continue
            if sum(map(len, self._shelves.values())) >= self.most_texts:
                return
            try:
                await self._read(guild_id)
            except Exception as error:  # noqa: BLE001 - one that can't be read leaves the others to be warmed
                log.error("not_warmed", **describe(error))
            if guild_id in self._shelves:
                self._shelves.move_to_end(guild_id, last=False)
            self._make_room()

    async def _shelf(self, guild_id: int) -> _Shelf:
        shelf = await self._read(guild_id)
        if guild_id in self._shelves:
            self._shelves.move_to_end(guild_id)
        self._make_room()
        return shelf

    async def _read(self, guild_id: int) -> _Shelf:
        shelf = self._shelves.setdefault(guild_id, _Shelf())
        async with shelf.lock:
            if not shelf.is_loaded:
                await _fill(shelf, await self.source(guild_id))
            await shelf.take_over_answers()
        return shelf

    def _make_room(self) -> None:
        """Forget the guilds that were used longest ago, until the rest fits; never the last, nor one that is read."""
        texts = sum(map(len, self._shelves.values()))
        for guild_id, shelf in list(self._shelves.items())[:-1]:
            if texts <= self.most_texts:
                return
            if shelf.is_loaded:
                texts -= len(shelf)
                self.forget(guild_id)

    def _scoring(self, shelf: _Shelf, index: Index, query: Query) -> Callable[[], Scores]:
        """Return what compares a question with an index; it may run beside the event loop."""
        shares, vectors = self._shares(query), _centred(query.vectors, index, shelf.centres, self.multilingual)
        # That space has no cosine which means nothing in common: raw, all are near; centred, all may be far.
        is_never_far = self.multilingual is not None and self._counts_most(query, index) is self.multilingual

        def scored() -> Scores:
            scores = index.score(query.text, vectors, shares)
            return replace(scores, is_match=np.ones_like(scores.is_match)) if is_never_far else scores

        return scored

    def _near(self, index: Index, query: Query) -> list[Near]:
        """Compare a text with everyone, by each model that has read it and by its words."""
        shares = self._shares(query)
        near = [
            Near(measure._replace(share=shares[each.model_id]), index.nearness(each.model_id, vector, measure.nothing))
            for each, measure in ((self.english, ENGLISH), (self.multilingual, MULTILINGUAL))
            if each is not None and (vector := query.vectors.get(each.model_id)) is not None
            if index.can_read(each.model_id, vector)
        ]
        return [*near, Near(WORDS, index.nearness_in_words(query.text, WORDS.nothing))]

    def _nearness_floor(self, query: Query, index: Index) -> float:
        """Return how near is near in the space that counts most; without any, nothing is."""
        counts_most = self._counts_most(query, index)
        if counts_most is None:
            return np.inf
        return _NEAR_ENGLISH if counts_most is self.english else _NEAR_CENTRED

    def _counts_most(self, query: Query, index: Index) -> WarmingEmbedder | None:
        """Return the model that counts most of those that a question can be compared by here."""
        shares = self._shares(query)
        there = [each for each in self.encoders if index.can_read(each.model_id, query.vectors.get(each.model_id))]
        return max(there, key=lambda encoder: shares[encoder.model_id], default=None)

    def _shares(self, query: Query) -> dict[str, float]:
        """Say what each model counts for a question, among those that have read it."""
        shares = _OTHER if query.is_english is False else _ENGLISH
        pairs = zip((self.english, self.multilingual), shares, strict=True)
        return {each.model_id: share for each, share in pairs if each is not None and each.model_id in query.vectors}


async def _fill(shelf: _Shelf, community: Community) -> None:
    """Make everything that a guild's questions are compared with; what is told meanwhile stays beside it."""

    def made() -> tuple[Index, Index, Activity, dict[str, _Centre]]:
        centres: dict[str, _Centre] = {}
        for vectors in community.asked:
            read = ((model_id, readable(vector)) for model_id, vector in vectors.items())
            _add(centres, {model_id: vector for model_id, vector in read if vector is not None})
        return (
            Index.build(community.statements),
            Index.build(community.solved),
            Activity.build(community.answers),
            centres,
        )

    rows = max(map(len, (community.statements, community.solved, community.answers, community.asked)))
    helpers, solved, shelf.activity, centres = await _beside(rows, made, _INLINE_CHANGED)
    shelf.helpers.index, shelf.solved.index = helpers, solved
    for model_id, noted in shelf.centres.items():
        _add(centres, {model_id: noted.total}, noted.count)
    shelf.centres = centres
    shelf.is_loaded = True


def _add(centres: dict[str, _Centre], vectors: Mapping[str, Vectors], count: int = 1) -> None:
    for model_id, vector in vectors.items():
        centre = centres.get(model_id)
        if centre is None or centre.total.shape != vector.shape:
            centres[model_id] = _Centre(vector.copy(), count)
        else:
            centre.total, centre.count = centre.total + vector, centre.count + count


def _centred(
    vectors: Mapping[str, Vectors],
    index: Index,
    centres: Mapping[str, _Centre],
    multilingual: MultilingualEmbedder | None,
) -> dict[str, Vectors]:
    """Take away from a question, in the multilingual space, what all questions here have in common.

    That space holds everything in a narrow cone, where some texts are near to all others. In the English model's
    space the same was measured to do harm.
    """
    centred = dict(vectors)
    space = index.spaces.get(multilingual.model_id) if multilingual else None
    if multilingual and space and multilingual.model_id in vectors:
        question = vectors[multilingual.model_id]
        centre = centres.get(multilingual.model_id) or _Centre(np.zeros_like(question), 0)
        if centre.total.shape == space.mean.shape == question.shape:
            centred[multilingual.model_id] = question - centre.mean(space.mean)
    return centred


def _matches(scores: Scores, order: Ids, expertise: Numbers, availability: Numbers) -> list[Match]:
    evidence = (scores.dense, scores.profile, scores.bm25, scores.tfidf)
    columns = (scores.owner_ids, scores.text_ids, expertise, availability, *evidence)
    rows = zip(*(column[order].tolist() for column in columns), strict=True)
    return [
        Match(member_id, statement_id, likelier, habit, Evidence(*parts))
        for member_id, statement_id, likelier, habit, *parts in rows
    ]


async def _beside(rows: int, work: Callable[[], _Result], inline: int | None = None) -> _Result:
    """Do what takes long with many rows beside the event loop; None: as many as searching bears."""
    return work() if rows <= (_INLINE_ROWS if inline is None else inline) else await asyncio.to_thread(work)


def _remove_done(replaced: dict[int, Sequence[StoredText]], done: Mapping[int, Sequence[StoredText]]) -> None:
    """Remove what was taken over, unless it changed again in the meantime."""
    for owner_id, texts in done.items():
        if replaced.get(owner_id) is texts:
            del replaced[owner_id]
