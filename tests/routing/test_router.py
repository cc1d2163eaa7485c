"""What a router has read, keeps in step, and never reads twice."""

import asyncio
from datetime import timedelta

import numpy as np
import pytest

from bot.routing import router as router_module
from bot.routing.fusion import NEEDED_ANSWERS
from bot.routing.ports import Answered, Community, Evidence
from tests.factories import NOW
from tests.routing.scenes import AUDIO, ENGLISH, GUILD, Model, Scene, answers, audio, grants, query, read_by


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every guild be large enough to be worked on beside the event loop."""
    monkeypatch.setattr(router_module, "_INLINE_ROWS", -1)


async def test_a_match_says_who_why_and_by_which_evidence() -> None:
    first, second = await Scene().matches("audio?")
    assert (first.member_id, first.statement_id) == (10, 1)
    assert (second.member_id, second.statement_id) == (20, 2)
    assert first.expertise > 1
    assert second.expertise == 0
    assert first.availability == second.availability == 1
    assert first.evidence == Evidence(dense=1, profile=1, bm25=1, tfidf=1)
    assert second.evidence == Evidence(dense=-1, profile=-1, bm25=-1, tfidf=-1)


async def test_statements_are_read_once_though_many_ask_at_once() -> None:
    scene = Scene()
    found = await asyncio.gather(*(scene.ask("audio") for _ in range(10)))
    assert found == [[10, 20]] * 10
    assert scene.tables.reads == 1


async def test_statements_of_another_model_or_none_or_of_a_wrong_length_are_found_by_their_words() -> None:
    others = [
        read_by(audio(2, 20), another=AUDIO),
        read_by(audio(3, 30)),
        read_by(audio(4, 40), **{ENGLISH: (1.0, 0.0, 0.0)}),
        grants(5, 50),
        grants(6, 60),
    ]
    scene = Scene(community=Community([audio(1, 10), *others]))
    assert await scene.ask("audio") == [10, 20, 30, 40, 50, 60]


async def test_a_model_whose_vectors_grew_answers_by_words_until_all_are_encoded_again() -> None:
    scene = Scene(community=Community([read_by(grants(1, 10), **{ENGLISH: (1.0, 0.0, 0.0)}), read_by(audio(2, 20))]))
    assert await scene.ask("audio") == [20, 10]


async def test_a_member_who_changes_is_taken_over_without_reading_again() -> None:
    scene = Scene()
    await scene.ask("audio")
    scene.router.replace(GUILD, 20, [audio(3, 20), audio(4, 20), audio(5, 20)])
    scene.router.replace(GUILD, 10, [])
    scene.router.replace(GUILD, 30, [grants(6, 30)])
    assert await scene.ask("audio") == [20, 30]
    assert scene.tables.reads == 1


async def test_a_change_reaches_the_words_too() -> None:
    scene = Scene(Model(is_warm=False))
    await scene.ask("audio")
    scene.router.replace(GUILD, 20, [audio(3, 20)])
    scene.router.replace(GUILD, 10, [grants(4, 10)])
    first, second = await scene.matches("audio")
    assert (first.member_id, first.statement_id) == (20, 3)
    assert (second.member_id, second.expertise) == (10, 0)


async def test_a_change_during_the_first_read_is_not_lost() -> None:
    scene = Scene()
    scene.tables.gate.clear()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(scene.ask("audio"))
        await scene.tables.is_read.wait()
        scene.router.replace(GUILD, 10, [])
        scene.router.note_answer(GUILD, Answered(20, NOW))
        scene.tables.gate.set()
    assert asking.result() == [20]


@pytest.mark.usefixtures("beside")
async def test_a_second_change_while_the_first_is_taken_over_is_not_lost() -> None:
    scene = Scene()
    question = await scene.router.read("audio")
    await scene.ask("audio")
    scene.router.replace(GUILD, 10, [audio(3, 10)])
    async with asyncio.TaskGroup() as group:
        group.create_task(scene.router.rank(GUILD, question, NOW))
        await asyncio.sleep(0)
        scene.router.replace(GUILD, 10, [])
    assert await scene.ask("audio") == [20]


@pytest.mark.usefixtures("beside")
async def test_changes_taken_over_by_many_at_once_are_all_there() -> None:
    scene = Scene(community=Community())
    assert await scene.ask("audio") == []

    async def join(member_id: int) -> list[int]:
        scene.router.replace(GUILD, member_id, [audio(member_id, member_id)])
        return await scene.ask("audio")

    found = await asyncio.gather(*(join(member_id) for member_id in range(1, 31)))
    assert all(member_id in each for member_id, each in enumerate(found, 1))
    assert sorted(await scene.ask("audio")) == list(range(1, 31))


async def test_a_change_before_anything_was_read_is_left_to_the_tables() -> None:
    scene = Scene()
    scene.router.replace(GUILD, 10, [])
    scene.router.settle(GUILD, 1, audio(1, 1))
    scene.router.note_answer(GUILD, Answered(10, NOW))
    scene.router.note_question(GUILD, query(*AUDIO))
    assert await scene.ask("audio") == [10, 20]
    assert await scene.similar("audio") == []


async def test_guilds_do_not_see_each_other() -> None:
    scene = Scene()
    assert await scene.ask("audio", guild_id=2) == []
    assert await scene.ask("audio") == [10, 20]
    scene.router.replace(2, 99, [audio(9, 99)])
    assert await scene.ask("audio", guild_id=2) == [99]
    assert await scene.ask("audio") == [10, 20]


async def test_what_is_forgotten_is_read_again() -> None:
    scene = Scene()
    await scene.ask("audio")
    scene.router.replace(GUILD, 30, [audio(3, 30)])
    scene.tables.community = Community([grants(2, 20)])
    scene.router.forget(GUILD)
    scene.router.forget(GUILD)
    assert await scene.ask("audio") == [20]
    assert scene.tables.reads == 2


async def test_a_failed_read_is_tried_again_at_the_next_question() -> None:
    scene = Scene()
    scene.tables.gate.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await scene.ask("audio")
    scene.tables.gate.set()
    assert await scene.ask("audio") == [10, 20]


async def test_at_most_so_many_and_only_those_who_are_looked_for() -> None:
    scene = Scene()
    question = await scene.router.read("audio")
    (only,) = await scene.router.rank(GUILD, question, NOW, limit=1)
    assert only.member_id == 10
    (only,) = await scene.router.rank(GUILD, question, NOW, limit=1, among={20, 30})
    assert only.member_id == 20
    assert len(await scene.router.rank(GUILD, question, NOW, limit=None)) == 2
    assert await scene.router.rank(GUILD, question, NOW, limit=0) == []


async def test_of_two_alike_the_lower_id_comes_first_wherever_nothing_speaks_for_them() -> None:
    scene = Scene(community=Community([grants(3, 30), audio(2, 20), grants(1, 10), audio(4, 40)]))
    assert await scene.ask("audio") == [20, 40, 10, 30]
    assert await scene.ask("bayes") == [10, 30, 20, 40]


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "🎧" * 2000, "@everyone", "مرحبا", "ድምፅ"])
async def test_odd_texts_are_ranked_like_any_other(text: str) -> None:
    for scene in (Scene(Model(is_warm=False)), Scene()):
        assert set(await scene.ask(text)) == {10, 20}
        assert await scene.similar(text) == []


@pytest.mark.usefixtures("beside")
async def test_a_large_guild_is_read_searched_and_changed_beside_the_loop() -> None:
    scene = Scene()
    assert await scene.ask("audio") == [10, 20]
    scene.router.replace(GUILD, 10, [grants(3, 10)])
    scene.router.replace(GUILD, 30, [audio(4, 30)])
    assert await scene.ask("audio") == [30, 10, 20]


@pytest.mark.parametrize("rows", [-1, 10_000])
async def test_a_ranking_is_the_same_beside_the_loop_and_in_it_whatever_is_told_meanwhile(
    monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    scene = Scene(community=Community([audio(1, 10), audio(2, 20), grants(3, 30)], answers=answers(20, 1, 2)))
    before = await scene.matches("audio")
    monkeypatch.setattr(router_module, "_INLINE_ROWS", rows)
    question = await scene.router.read("audio")
    async with asyncio.TaskGroup() as group:
        ranking = group.create_task(scene.router.rank(GUILD, question, NOW))
        await asyncio.sleep(0)
        for each in answers(10, 0, 1, 2, 3):
            scene.router.note_answer(GUILD, each)
    assert ranking.result() == before
    assert [match.member_id for match in await scene.matches("audio")] == [10, 20, 30]


class TestHabits:
    """Who answered, when, and at what hours changes how likely an answer is, not who knows most."""

    async def test_whoever_answered_lately_is_likelier_to_answer(self) -> None:
        scene = Scene(community=Community([audio(1, 10), audio(2, 20)], answers=answers(20, 1, 2, 3)))
        first, second = await scene.matches("audio")
        assert (first.member_id, second.member_id) == (20, 10)
        assert first.expertise == second.expertise
        assert first.availability > 1 > second.availability

    async def test_an_answer_just_given_counts_once_however_often_it_is_told(self) -> None:
        scene = Scene(community=Community([audio(1, 10), audio(2, 20)]))
        assert await scene.ask("audio") == [10, 20]
        (new,) = answers(20, 0)
        scene.router.note_answer(GUILD, new)
        told_once = await scene.matches("audio")
        scene.router.note_answer(GUILD, new)
        scene.router.note_answer(GUILD, new)
        assert await scene.matches("audio") == told_once
        assert [match.member_id for match in told_once] == [20, 10]
        assert scene.tables.reads == 1

    async def test_an_answer_the_tables_held_already_counts_once(self) -> None:
        (held,) = answers(20, 1)
        scene = Scene(community=Community([audio(1, 10), audio(2, 20)], answers=[held]))
        before = await scene.matches("audio")
        scene.router.note_answer(GUILD, held)
        assert await scene.matches("audio") == before

    async def test_within_hours_somebody_s_own_hours_count(self) -> None:
        early = [Answered(10, NOW + timedelta(hours=2, weeks=-week)) for week in range(1, 20)]
        late = [Answered(20, NOW + timedelta(hours=14, weeks=-week)) for week in range(1, 20)]
        scene = Scene(community=Community([audio(1, 10), audio(2, 20)], answers=[*early, *late]))
        question = await scene.router.read("audio")
        for now, first in ((NOW, 10), (NOW + timedelta(hours=12), 20)):
            found = await scene.router.rank(GUILD, question, now, within=timedelta(hours=8))
            assert found[0].member_id == first

    async def test_learned_weights_begin_with_enough_answers(self) -> None:
        some = [Answered(30, NOW - timedelta(days=day)) for day in range(NEEDED_ANSWERS - 1)]
        scene = Scene(community=Community([audio(1, 10), grants(2, 20)], answers=some))
        fixed = (await scene.matches("audio"))[0].expertise
        scene.router.note_answer(GUILD, Answered(30, NOW - timedelta(days=400)))
        learned = (await scene.matches("audio"))[0].expertise
        assert fixed != learned
        assert min(fixed, learned) > 1


def test_showing_a_router_shows_nobody_s_words() -> None:
    assert "audio" not in repr(audio(1, 10))
    assert "audio" not in repr(query(*AUDIO, text="audio"))
    assert np.isfinite(AUDIO).all()
