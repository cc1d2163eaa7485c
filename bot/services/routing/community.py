"""What routing knows of a community: read from the tables, and told what changed after each commit."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.routing.ports import Answered, Community, CommunitySource, StoredText
from bot.routing.router import Router
from bot.services.ports import Read
from bot.store.statements import Searched
from bot.store.unit_of_work import ReadingWork, UnitOfWork
from models import Request

RECENT_QUESTIONS = 500
"""Questions from which routing learns what questions of a community have in common."""


@dataclass(frozen=True, slots=True)
class News:
    """What a transaction changed of what routing knows."""

    guild_id: int
    offers: Mapping[int, Sequence[StoredText]] = field(default_factory=dict)
    """By member, all that they offer now."""
    solved: Mapping[int, StoredText | None] = field(default_factory=dict)
    """By question; None where there is nothing to learn from it, or no longer."""
    answer: Answered | None = None

    def tell(self, router: Router) -> None:
        """Let the next question find it; call after the commit."""
        for member_id, statements in self.offers.items():
            router.replace(self.guild_id, member_id, statements)
        for question_id, question in self.solved.items():
            router.settle(self.guild_id, question_id, question)
        if self.answer:
            router.note_answer(self.guild_id, self.answer)


async def read_community(work: ReadingWork, guild_id: int) -> Community:
    """Return all that routing needs of a community, whose rows become texts in a thread."""
    statements = await work.statements.searchable(guild_id)
    statement_vectors = await work.statement_vectors.of(work.statements.searchable_ids(guild_id))
    solved = await work.questions.solved_texts(guild_id)
    question_vectors = await work.question_vectors.of(work.questions.solved_ids(guild_id))
    asked = await work.question_vectors.of(work.questions.latest_ids(guild_id, RECENT_QUESTIONS))
    answers = await work.help_interactions.answers(guild_id)

    def community() -> Community:
        return Community(
            statements=_stored(statements, statement_vectors),
            solved=[_solved(*each, question_vectors) for each in solved],
            answers=[Answered(member_id, at) for member_id, at in answers],
            asked=list(asked.values()),
        )

    return await asyncio.to_thread(community)


def source_of(read: Read) -> CommunitySource:
    """Return what a router reads communities with."""

    async def source(guild_id: int) -> Community:
        async with read() as work:
            return await read_community(work, guild_id)

    return source


async def warm(read: Read, router: Router, guild_ids: Collection[int]) -> None:
    """Read these communities before anyone asks there, the ones with the latest question first."""
    async with read() as work:
        recent = await work.guilds.recent()
    await router.warm([each for each in recent if each in guild_ids])


async def offer_of(work: UnitOfWork, guild_id: int, member_id: int) -> list[StoredText]:
    """Return all that one member offers now."""
    vectors = await work.statement_vectors.of(work.statements.searchable_ids(guild_id, member_id))
    return _stored(await work.statements.searchable(guild_id, member_id), vectors)


async def news_of(
    work: UnitOfWork, request: Request, member_ids: Collection[int], answer: Answered | None = None
) -> News:
    """Return what changed with a request: for these members, and for the next asker of something like it."""
    await work.flush()
    if member_ids:
        # Else one of them could save meanwhile, and what is told here would bring back what they deleted.
        await work.lock(request.guild_id)
    solved = dict(await work.questions.solved_texts(request.guild_id, [request.id])).get(request.id)
    vectors = await work.question_vectors.of([request.id])
    return News(
        guild_id=request.guild_id,
        offers={each: await offer_of(work, request.guild_id, each) for each in member_ids},
        solved={request.id: None if solved is None else _solved(request.id, solved, vectors)},
        answer=answer,
    )


def _stored(statements: Sequence[Searched], vectors: Mapping[int, Mapping[str, bytes]]) -> list[StoredText]:
    return [
        StoredText(each.id, each.member_id, each.text, vectors.get(each.id, {}), each.weight) for each in statements
    ]


def _solved(question_id: int, text: str, vectors: Mapping[int, Mapping[str, bytes]]) -> StoredText:
    return StoredText(question_id, question_id, text, vectors.get(question_id, {}))
