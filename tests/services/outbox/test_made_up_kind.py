"""A kind that is made up here is written, composed, shown and followed like any other: its description is enough."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from bot.domain.policy import DEFAULT
from bot.services.letters import all_letters
from bot.services.outbox.describing import Description, described, no_pairs
from bot.services.ports import DeliveryError, TryLater, Undeliverable
from bot.services.results import Letter, LetterKind
from bot.store.engine import Database
from bot.store.unit_of_work import UnitOfWork
from bot.ui import letters
from bot.ui.render import Rendered
from models import OutboxLetter
from tests.factories import GUILD_ID, a_member
from tests.fakes import House, values

pytestmark = pytest.mark.both
READER = 77


class MadeUp(LetterKind):
    GREETING = "greeting"


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a greeting is made of."""

    words: str


@dataclass
class GreetingLetter(Description):
    kind = MadeUp.GREETING
    contents = (Greeting,)
    pairs = no_pairs

    is_over: bool = False
    followed: list[str] = field(default_factory=list)

    async def content(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> Greeting:
        return Greeting(f"Hello at {now:%H:%M}")

    async def is_moot(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> bool:
        return self.is_over

    async def when_sent(self, work: UnitOfWork, row: OutboxLetter, now: datetime) -> None:
        self.followed.append("sent")

    async def when_given_up(self, work: UnitOfWork, row: OutboxLetter, reason: str, now: datetime) -> int | None:
        self.followed.append(reason)
        return None


@pytest.fixture
def greeting() -> GreetingLetter:
    return GreetingLetter()


@pytest.fixture
async def house(database: Database, greeting: GreetingLetter) -> House:
    house = House(database)
    known = described([*all_letters(DEFAULT).values(), greeting])
    house.delivering.letters = house.delivering.presence.letters = known
    house.delivering.leasing = replace(house.delivering.leasing, letters=known)
    await house.open()
    return house


async def greet(house: House) -> None:
    async with house.database.begin() as work:
        member = await a_member(work, user_id=READER)
        letter = OutboxLetter(
            guild_id=GUILD_ID, kind=MadeUp.GREETING, key="greeting:1", due_at=house.clock.now(), member_id=member.id
        )
        assert await work.outbox.write_once(letter)
        assert not await work.outbox.write_once(OutboxLetter(
            guild_id=GUILD_ID, kind=MadeUp.GREETING, key="greeting:1", due_at=house.clock.now()
        ))  # fmt: skip


async def test_it_leaves_once_and_is_followed(
    house: House, greeting: GreetingLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(letter: Letter[Greeting], _locale: str) -> Rendered:
        return Rendered(letter.content.words)

    monkeypatch.setitem(letters.SHOWN, Greeting, shown)
    await greet(house)
    await house.settle()

    (letter,) = house.messenger.of("greeting")
    assert (letter.user_id, letter.addressee_id) == (READER, READER)
    assert letters.letter(letter).content == f"Hello at {house.clock.now():%H:%M}"
    assert greeting.followed == ["sent"]


async def test_one_that_is_obsolete_does_not_leave(house: House, greeting: GreetingLetter) -> None:
    greeting.is_over = True
    await greet(house)
    await house.settle()

    assert house.messenger.attempts == []
    assert values(await house.rows(OutboxLetter), "failure") == ["moot"]


@pytest.mark.parametrize(("trouble", "followed"), [(Undeliverable("403"), ["403"]), (TryLater("503"), [])])
async def test_one_that_fails_is_given_up_or_tried_again(
    house: House,
    greeting: GreetingLetter,
    trouble: DeliveryError,
    followed: list[str],
) -> None:
    house.messenger.trouble(trouble, kind="greeting")
    await greet(house)
    await house.settle()

    assert greeting.followed == followed
    assert [row["due_at"] is None for row in await house.rows(OutboxLetter)] == [bool(followed)]


def test_two_descriptions_of_one_kind_are_refused(greeting: GreetingLetter) -> None:
    with pytest.raises(ValueError, match="greeting is described twice"):
        described([greeting, GreetingLetter()])
