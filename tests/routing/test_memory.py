"""What a router keeps in memory: bounded, warmed ahead, and never missing a change that came while it was read."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from bot.routing import router as router_module
from bot.routing.activity import Activity
from bot.routing.index import Index
from bot.routing.ports import Answered, Community, Query, StoredText
from bot.routing.router import Router
from tests.factories import NOW
from tests.routing.scenes import AUDIO, ENGLISH, GUILD, MANY, Model, Polyglot, Scene, audio, grants, packed, query


@dataclass
class Library:
    """The tables of many guilds, each with as many statements as its id says."""

    reads: list[int] = field(default_factory=list)
    broken: frozenset[int] = frozenset()

    async def read(self, guild_id: int) -> Community:
        self.reads.append(guild_id)
        if guild_id in self.broken:
            raise ZeroDivisionError
        return Community([audio(each, each) for each in range(1, guild_id + 1)])


@dataclass
class Keeping:
    """A router with room for so many texts."""

    most_texts: int
    library: Library = field(default_factory=Library)

    def __post_init__(self) -> None:
        self.router = Router(None, None, self.library.read, self.most_texts)

    async def ask(self, *guild_ids: int) -> list[int]:
        """Ask in each, and return those that had to be read."""
        self.library.reads.clear()
        for guild_id in guild_ids:
            found = await self.router.rank(guild_id, Query("audio"), NOW, limit=None)
            assert len(found) == guild_id
        return list(self.library.reads)


class TestRoom:
    """Texts are bounded, for any number of guilds."""

    async def test_the_guild_used_longest_ago_is_forgotten(self) -> None:
        keeping = Keeping(12)
        assert await keeping.ask(3, 4, 5) == [3, 4, 5]
        assert await keeping.ask(3, 4, 5) == []
        assert await keeping.ask(4, 5, 3, 6) == [6]
        assert await keeping.ask(3, 6) == []
        assert await keeping.ask(4) == [4]

    async def test_the_last_one_stays_however_large(self) -> None:
        keeping = Keeping(12)
        assert await keeping.ask(3, 50, 50) == [3, 50]
        assert await keeping.ask(3, 50) == [3, 50]

    async def test_what_changed_in_a_forgotten_guild_is_left_to_the_tables(self) -> None:
        keeping = Keeping(5)
        await keeping.ask(3, 5)
        keeping.router.replace(3, 1, [])
        assert await keeping.ask(3) == [3]

    async def test_a_guild_that_grows_makes_others_go(self) -> None:
        keeping = Keeping(8)
        await keeping.ask(3, 4)
        keeping.router.replace(4, 9, [audio(each, 9) for each in range(100, 110)])
        await keeping.router.rank(4, Query("audio"), NOW)
        await keeping.router.rank(4, Query("audio"), NOW)
        assert await keeping.ask(3) == [3]

    async def test_many_at_once_are_all_answered(self) -> None:
        keeping = Keeping(10)
        await asyncio.gather(*(keeping.ask(each % 7 + 1) for each in range(50)))
        assert sum(map(len, keeping.router._shelves.values())) <= 10 + 7


class TestWarming:
    """Guilds are read before anyone asks, as long as there is room."""

    async def test_those_that_matter_most_are_read_and_kept(self) -> None:
        keeping = Keeping(12)
        await keeping.router.warm([4, 3, 5, 6])
        assert keeping.library.reads == [4, 3, 5]
        assert await keeping.ask(4, 3) == []
        assert await keeping.ask(6) == [6]
        assert await keeping.ask(3) == []

    async def test_the_first_to_go_is_the_one_that_matters_least(self) -> None:
        keeping = Keeping(12)
        await keeping.router.warm([3, 4, 5])
        assert await keeping.ask(2) == [2]
        assert await keeping.ask(3, 4) == []

    async def test_what_is_there_is_not_read_again(self) -> None:
        keeping = Keeping(12)
        await keeping.ask(3)
        await keeping.router.warm([3, 4])
        assert keeping.library.reads == [3, 4]

    async def test_one_that_cannot_be_read_leaves_the_others_to_be_warmed(self) -> None:
        keeping = Keeping(12, Library(broken=frozenset({3})))
        with capture_logs() as logs:
            await keeping.router.warm([3, 4])
        assert await keeping.ask(4) == []
        assert [entry["event"] for entry in logs] == ["not_warmed"]


async def while_being_read(scene: Scene, tell: Callable[[Router], None]) -> None:
    """Let a change come when the tables have been looked at, and the index isn't there yet."""
    scene.tables.gate.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.router.rank(GUILD, query(*AUDIO), NOW))
        await scene.tables.is_read.wait()
        tell(scene.router)
        scene.tables.gate.set()


class TestMeanwhile:
    """A change that comes while a guild is being read is in the next answer."""

    async def test_a_member_who_came_and_one_who_went(self) -> None:
        scene = Scene()

        def tell(router: Router) -> None:
            router.replace(GUILD, 10, [])
            router.replace(GUILD, 30, [audio(3, 30)])

        await while_being_read(scene, tell)
        assert await scene.ask("audio") == [30, 20]

    async def test_a_question_that_was_answered(self) -> None:
        scene = Scene()
        await while_being_read(scene, lambda router: router.settle(GUILD, 7, StoredText(7, 7, "audio")))
        assert [question_id for question_id, _ in await scene.similar("audio")] == [7]

    async def test_an_answer(self) -> None:
        scene = Scene(community=Community([audio(1, 10), audio(2, 20)]))
        await while_being_read(scene, lambda router: router.note_answer(GUILD, Answered(20, NOW)))
        assert await scene.ask("audio") == [20, 10]

    async def test_a_question_counts_for_what_questions_have_in_common(self) -> None:
        scene, told = Scene(None, Polyglot()), Scene(None, Polyglot())
        asked = query(*AUDIO, model_id=MANY)
        await while_being_read(scene, lambda router: router.note_question(GUILD, asked))
        await told.ask("audio")
        told.router.note_question(GUILD, asked)
        ours, theirs = (each.router._shelves[GUILD].centres[MANY] for each in (scene, told))
        assert (ours.total.tolist(), ours.count) == (theirs.total.tolist(), theirs.count)


@pytest.mark.usefixtures("recorded")
class TestBesideTheLoop:
    """Nothing that grows with a guild is done in the event loop."""

    COUNT = 600

    @pytest.fixture
    def recorded(self, monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, int]]:
        """Record in which thread the work is done."""
        seen: set[tuple[str, int]] = set()

        def watch(owner: type, name: str) -> None:
            original = vars(owner)[name]
            function: Callable[..., object] = getattr(original, "__func__", original)

            def watched(*args: object, **named: object) -> object:
                seen.add((f"{owner.__name__}.{name}", threading.get_ident()))
                return function(*args, **named)

            monkeypatch.setattr(owner, name, type(original)(watched) if function is not original else watched)

        for owner, names in ((Index, ("build", "replace", "score")), (Activity, ("build", "add", "habits"))):
            for name in names:
                watch(owner, name)
        self.seen = seen
        return seen

    async def test_reading_ranking_and_every_change_go_beside_it(self) -> None:
        statements = [audio(each, each) for each in range(1, self.COUNT)]
        answers = [Answered(each, NOW) for each in range(1, self.COUNT)]
        solved = [StoredText(each, each, "audio") for each in range(1, self.COUNT)]
        scene = Scene(Model(), community=Community(statements, solved, answers))
        self.seen.clear()

        await scene.ask("audio")
        scene.router.replace(GUILD, 1, [grants(1, 1)])
        scene.router.settle(GUILD, 1, None)
        scene.router.note_answer(GUILD, Answered(2, NOW))
        await scene.ask("audio")
        await scene.similar("audio")

        in_loop = {name for name, thread in self.seen if thread == threading.get_ident()}
        assert {name for name, _ in self.seen} == {
            "Index.build", "Index.replace", "Index.score", "Activity.build", "Activity.add", "Activity.habits",
        }  # fmt: skip
        # A shelf begins with no answer at all.
        assert in_loop <= {"Activity.build"}


DAMAGED = [b"", b"seven b", packed(float("nan"), 0.0), packed(1e38, 0.0), packed(1.0, 0.0, 0.0)]


@pytest.mark.parametrize("vector", DAMAGED)
async def test_a_damaged_vector_takes_nobody_s_meaning_away(vector: bytes) -> None:
    community = Community(
        [audio(1, 10), grants(2, 20), StoredText(3, 30, "audio", {ENGLISH: vector})],
        solved=[audio(1, 1), grants(3, 3), StoredText(2, 2, "audio", {ENGLISH: vector})],
        asked=[{ENGLISH: packed(*AUDIO)}, {ENGLISH: vector}],
    )
    matches = {each.member_id: each for each in await Scene(community=community).matches("audio?")}
    assert matches[10].evidence.dense > matches[20].evidence.dense
    assert matches[30].expertise > 0
    assert (1, True) in await Scene(community=community).similar("audio?")


def test_the_bound_is_on_texts_that_fit_into_a_small_machine() -> None:
    assert router_module.MOST_TEXTS * 2_048 <= 256 * 1024 * 1024
