from datetime import timedelta
from pathlib import Path

import pytest

from bot.routing.router import Router
from evaluation import related, replaying
from evaluation.history import LONGEST, LONGEST_ANSWER, History
from evaluation.ranking import GUILD_ID, nobody
from evaluation.replaying import Invited, Replay
from tests.evaluation.communities import MOMENTS, answered, asked, craft, judged, write, write_routing
from tests.hashing import HashingEmbedder

FIRST, SECOND, THIRD, FOURTH = MOMENTS[:4]
EVENTS = [
    asked("q1", FIRST, "cleo", "violins"),
    answered("q1", FIRST, "early", "violins"),
    asked("q2", SECOND, "cleo", "violins and bows"),
    asked("q3", SECOND, "bob", "violins and strings"),
    answered("q2", SECOND, "together", "violins"),
    answered("q1", THIRD, "between", "violins"),
    asked("q4", FOURTH, "early", "violins again"),
    answered("q4", FOURTH, "late", "violins"),
]


@pytest.fixture
def router() -> Router:
    return Router(HashingEmbedder(), None, nobody)


async def test_a_question_finds_only_who_answered_before(tmp_path: Path, router: Router) -> None:
    write_routing(tmp_path, EVENTS, [judged(name) for name in ("q1", "q2", "q3", "q4")])
    found = {str(each["qid"]): each["ranking"] for each in await replaying.rankings(router, tmp_path)}
    assert found == {"q1": [], "q2": ["early"], "q3": ["early"], "q4": ["between", "together"]}


async def test_a_question_sees_nothing_of_its_own_moment_whatever_the_order(tmp_path: Path, router: Router) -> None:
    write_routing(tmp_path, reversed(EVENTS), [judged("q2"), judged("q4")])
    found = {str(each["qid"]): set(each["ranking"]) for each in await replaying.rankings(router, tmp_path)}  # type: ignore[call-overload]
    assert found == {"q2": {"early"}, "q4": {"together", "between"}}


async def test_a_related_question_is_of_an_earlier_moment(tmp_path: Path, router: Router) -> None:
    write(tmp_path / "events.jsonl", EVENTS)
    write(tmp_path / "related.jsonl", [{"qid": "q3", "related": ["q1"]}, {"qid": "q4", "related": ["q1"]}])
    found = {str(each["qid"]): each["ranking"] for each in await related.rankings(router, tmp_path)}
    assert found["q3"] == ["q1"]
    assert sorted(found["q4"]) == ["q1", "q2", "q3"]  # type: ignore[call-overload]


async def test_whoever_answered_the_like_comes_first(tmp_path: Path, router: Router) -> None:
    events, judgements = craft("q", "violins")
    write_routing(tmp_path, events, judgements)
    found = {each["qid"]: each["ranking"][0] for each in await replaying.rankings(router, tmp_path)}  # type: ignore[index]
    assert found == {judgement["qid"]: judgement["answerers"][0] for judgement in judgements}  # type: ignore[index]


async def test_everything_asked_of_the_encoders_is_said_beforehand(tmp_path: Path) -> None:
    write_routing(tmp_path, EVENTS, [judged("q4")])
    texts = replaying.texts(tmp_path)
    assert len(texts.questions) == 4
    assert sorted(set(texts.statements)) == ["violins", "violins\n", "violins again\n", "violins and bows\n"]


async def test_answers_are_noted_as_the_router_hears_of_them(tmp_path: Path, router: Router) -> None:
    write_routing(tmp_path, EVENTS, [])
    replay = Replay(router, History.read(tmp_path))
    counts = {question.id: len(replay.answers) async for question, _ in replay.questions({"q1", "q2", "q3", "q4"})}
    assert counts == {"q1": 0, "q2": 1, "q3": 1, "q4": 3}
    assert await router.similar(GUILD_ID, await router.read("violins")) == []


def test_texts_are_cut_to_what_is_compared(tmp_path: Path) -> None:
    write_routing(tmp_path, [asked("q1", FIRST, "a", "t", "x" * 2_000), answered("q1", SECOND, "b", "y" * 2_000)], [])
    history = History.read(tmp_path)
    assert history.questions[0].text == ("t\n" + "x" * 2_000)[:LONGEST]
    assert [len(text) for text in history.answers[0].texts] == [LONGEST_ANSWER, LONGEST]


def test_an_answer_dated_before_its_question_does_not_give_it_away(tmp_path: Path) -> None:
    write_routing(tmp_path, [answered("q1", FIRST, "b", "yes"), asked("q1", SECOND, "a", "May I?")], [])
    assert History.read(tmp_path).answers[0].texts == ["yes"]


def test_invitations_count_for_a_week(tmp_path: Path) -> None:
    write_routing(tmp_path, EVENTS, [])
    now, invited = History.read(tmp_path).questions[0].at, Invited()
    invited.note(now, [1, 2])
    invited.note(now + timedelta(days=1), [2])
    assert invited.in_the_week_before(now + timedelta(days=6)) == {1: 1, 2: 2}
    assert invited.in_the_week_before(now + timedelta(days=7)) == {2: 1}
