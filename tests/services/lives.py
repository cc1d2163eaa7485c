"""Two communities in which everything is under way, twice over, for tests of what one unreadable value stops."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from sqlalchemy import insert, select

from bot.errors import HouseError
from bot.jobs.sweeps import all_sweeps
from bot.routing.ports import Role, to_bytes
from bot.services.requests.asking import NewQuestion
from bot.services.requests.letters import invitation_key, post_key
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from models import Base, Impression, Member, Question, QueuePlace, WaitlistPlace
from tests.factories import (
    GUILD_ID,
    NOW,
    a_draft_with_feedback,
    a_guild,
    a_helper,
    a_kept_answer,
    a_letter,
    a_member,
    a_part,
    a_question,
    a_referral,
    a_reveal,
    a_series,
    a_slot,
    a_statement,
    an_invitation,
    an_occurrence,
)  # fmt: skip
from tests.fakes import CHANNEL_ID, EXPERTISE, QUESTION, FakeMessenger, House, ManualClock, new_id, part
from tests.hashing import HashingEmbedder
from tests.services.meetings import an_agreement

HERE, THERE = GUILD_ID, GUILD_ID + 1
"""Where a value will be unreadable, and where none is."""
MODERATORS_ID = 1_100_000_000_000_000_002
AGO, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
STATES = {
    "request": "asker_id", "booking": "asker_id", "waiting": "member_id", "queue_place": "member_id",
    "invitation": "member_id",
}  # fmt: skip
"""What has a state, and whose it is."""
Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Life:
    """Some people of one community, and what is due between them."""

    guild_id: int
    asker: Member
    helper: Member
    host: Member
    questions: dict[str, int] = field(default_factory=dict)

    @property
    def people(self) -> tuple[Member, ...]:
        return self.asker, self.helper, self.host


async def a_life(work: UnitOfWork, guild_id: int) -> Life:
    """Let everything that sweeps look for be due for three new people."""
    hours: dict[str, Any] = {"zone": "Europe/Paris", "begins": time(8), "ends": time(22), "languages": ["en"]}
    asker = await a_member(work, guild_id, **hours)
    helper, host = [await a_helper(work, guild_id, rate="more", **hours) for _ in range(2)]
    life = Life(guild_id, asker, helper, host)
    for member in (helper, host):
        await encoded(work, (await a_statement(work, member, EXPERTISE)).id, Role.STATEMENT)
    await ask(work, life)
    await a_draft_with_feedback(work, asker, helper)
    await meet(work, life)
    await queue(work, life)
    await a_letter(work, guild_id, member_id=asker.id, text="profile.welcome")
    await a_letter(work, guild_id, member_id=helper.id, text="profile.welcome")
    return life


async def ask(work: UnitOfWork, life: Life) -> None:
    """Let there be a question at every stage."""
    stages: dict[str, dict[str, object]] = {
        "due": {"waiting_since": NOW - AGO, "next_look_at": NOW, "is_english": True},
        "run_out": {"waiting_since": NOW - AGO},
        "claimed": {"state": "taken", "waiting_since": NOW - AGO},
        "silent": {"waiting_since": NOW - 3 * DAY},
        "stale": {"waiting_since": NOW - 8 * DAY},
        "solved": {"state": "resolved"},
        "put_away": {"state": "archived"},
        "kept": {"state": "unposted", "created_at": NOW - 2 * DAY, "thread_id": None},
        "unposted": {"waiting_since": NOW, "thread_id": None},
    }
    made: dict[str, Question] = {}
    for stage, chosen in stages.items():
        made[stage] = await a_question(work, life.asker, **{"text": QUESTION, "thread_id": new_id(), **chosen})
        await encoded(work, made[stage].id, Role.QUESTION)
    life.questions = {stage: each.id for stage, each in made.items()}
    over = {"expires_at": NOW - MINUTE, "created_at": NOW - 2 * DAY}
    asked = await an_invitation(work, made["run_out"], life.helper, **over)
    await a_letter(work, life.guild_id, kind="invitation", key=invitation_key(asked.id), due_at=None, sent_at=NOW - DAY)
    await an_invitation(work, made["claimed"], life.helper, state="taken", **over)
    await a_part(work, made["claimed"], life.helper, taken_at=NOW - 2 * DAY)
    await a_part(work, made["solved"], life.helper, answered_at=NOW - 2 * DAY, outcome="helped", outcome_at=NOW - DAY)
    await a_kept_answer(work, made["solved"], life.helper, asker_agreed_at=NOW, helper_agreed_at=NOW)
    await a_referral(work, made["due"], life.host, life.helper)
    await a_reveal(work, made["silent"], life.host)
    work.facts.add("archived", made["put_away"], NOW - DAY)
    post = await a_letter(
        work, life.guild_id, kind="post", key=post_key(made["unposted"].id), request_id=made["unposted"].id
    )
    new = await an_invitation(work, made["unposted"], life.helper, expires_at=NOW + DAY)
    await a_letter(
        work, life.guild_id, kind="invitation", key=invitation_key(new.id), after_id=post.id,
        request_id=made["unposted"].id, invitation_id=new.id, member_id=life.helper.id,
    )  # fmt: skip


async def meet(work: UnitOfWork, life: Life) -> None:
    """Let fifteen minutes begin soon, others be free, and someone wait for some."""
    soon = NOW + 10 * MINUTE
    booking = await an_agreement(work, life.host, life.asker, NOW - 2 * DAY, soon, next_look_at=NOW)
    work.meetings.add_impression(Impression(booking_id=booking.id, member_id=life.host.id, at=NOW))
    series = await a_series(work, life.helper)
    later = NOW + 3 * AGO
    occurrence = await an_occurrence(work, series, starts_at=later, ends_at=later + AGO, day=later.date())
    slot = await a_slot(work, occurrence, state="promised", open_since=NOW - DAY)
    empty = await an_occurrence(work, series, starts_at=NOW + AGO, ends_at=NOW + 2 * AGO, day=NOW.date() + DAY)
    await a_slot(work, empty)
    for state, of in (("offered", slot.id), ("waiting", None)):
        over = NOW - MINUTE if of else None
        work.waitlist.add(
            WaitlistPlace(
                guild_id=life.guild_id, member_id=life.asker.id, interaction_id=None, question=QUESTION,
                since=NOW - DAY, host_id=life.helper.id, state=state, slot_id=of, offer_ends_at=over,
            )
        )  # fmt: skip


async def queue(work: UnitOfWork, life: Life) -> None:
    """Let one walk-in hour have begun and another be over."""
    series = await a_series(work, life.host, is_walk_in=True, begins=time(6), ends=time(7))
    now = await an_occurrence(work, series, starts_at=NOW - MINUTE, ends_at=NOW + AGO, day=NOW.date())
    over = await an_occurrence(work, series, starts_at=NOW - 3 * AGO, ends_at=NOW - AGO, day=NOW.date() - DAY)
    for occurrence, state in ((now, "held"), (over, "waiting")):
        place = QueuePlace(
            occurrence_id=occurrence.id, member_id=life.asker.id, question=QUESTION, since=NOW - AGO, state=state
        )
        place.held_until = NOW - MINUTE if state == "held" else None
        work.queue_places.add(place)


async def encoded(work: UnitOfWork, text_id: int, role: Role) -> None:
    encoder = HashingEmbedder()
    (vector,) = await encoder.embed([QUESTION if role is Role.QUESTION else EXPERTISE], role)
    vectors = work.question_vectors if role is Role.QUESTION else work.statement_vectors
    vectors.add(text_id, {encoder.model_id: to_bytes(vector)})
    await work.flush()


@dataclass
class Town:
    """Both communities as they are before anything is looked at, to begin with again and again."""

    database: Database
    victim: Life
    bystander: Life
    elsewhere: Life
    rows: Rows

    async def restore(self) -> None:
        """Put every row back as it was."""
        async with self.database.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                await connection.execute(table.delete())
            for table in Base.metadata.sorted_tables:
                if self.rows[table.name]:
                    await connection.execute(insert(table), self.rows[table.name])

    async def a_day(self) -> House:
        """Let someone ask in each community, and look once at everything; nothing that breaks breaks off."""
        house = House(self.database, FakeMessenger(), ManualClock())
        await attempt(house, THERE)
        await attempt(house, HERE)
        for sweep in all_sweeps(house, 1):
            await sweep.run()
        await house.settle()
        return house

    async def outcome(self, house: House, life: Life) -> dict[str, Counter[object]]:
        """Return what became of a life: what people read, and how everything stands that was there."""
        users = {each.user_id for each in life.people}
        said = [each for each in house.messenger.shown if each.addressee_id in users]
        asked = await rows_of(house, "invitation", "request_id", set(life.questions.values()))
        hosts = await rows_of(house, "occurrence", "host_id", {each.id for each in life.people})
        return {
            "letters": Counter((each.kind, part(each, "text"), each.addressee_id) for each in said),
            "asked": Counter((row["request_id"], row["member_id"]) for row in asked),
            "planned": Counter(row["host_id"] for row in hosts),
            **{name: await self._states(house, name, life) for name in STATES},
        }

    async def _states(self, house: House, name: str, life: Life) -> Counter[object]:
        members = {each.id for each in life.people}
        there = {row["id"] for row in self.rows[name] if row[STATES[name]] in members}
        return Counter((row["id"], row["state"]) for row in await rows_of(house, name, "id", there))


def undone(before: Mapping[str, Counter[object]], now: Mapping[str, Counter[object]]) -> set[object]:
    """Return what isn't as it was before for someone whose neighbours had bad luck: who else was asked may differ."""
    states = {each for name in STATES.keys() - {"waiting"} for each in before[name] - now[name]}
    letters = (before["letters"] - now["letters"]).keys()
    return states | {each for each in letters if each[0] not in {"invitation", "slot_offer"}}  # type: ignore[index]


async def attempt(house: House, guild_id: int) -> None:
    """Let a stranger ask."""
    try:
        receipt = await house.asking.ask(NewQuestion(guild_id, 5, interaction_id=guild_id, text=QUESTION))
        await house.posting.post(receipt.request_id, 5)
    except HouseError:
        return
    except Exception:
        if guild_id == THERE:
            raise


async def a_town(database: Database) -> Town:
    async with database.begin() as work:
        for guild_id in (HERE, THERE):
            await a_guild(work, guild_id, help_channel_id=CHANNEL_ID, moderator_channel_id=MODERATORS_ID)
        victim, bystander, elsewhere = [await a_life(work, guild_id) for guild_id in (HERE, HERE, THERE)]
    async with database.engine.connect() as connection:
        rows = {
            table.name: [
                dict(row) for row in (await connection.execute(select(table).order_by(*table.primary_key))).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }
    return Town(database, victim, bystander, elsewhere, rows)


async def rows_of(house: House, name: str, column: str, values: Collection[int]) -> list[dict[str, Any]]:
    """Return the rows of a table in which a column has one of these values."""
    table = Base.metadata.tables[name]
    async with house.database.engine.connect() as connection:
        found = await connection.execute(select(table).where(table.columns[column].in_(values)))
        return [dict(row) for row in found.mappings()]
