import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from bot.texts import say
from reliability.clock import MovedClock
from reliability.command_line import crash
from reliability.deadlines import LISTED_AFTER, Ledger, due
from reliability.filling import Filler
from reliability.judging import Verdict, judge
from reliability.lateness import Delay
from reliability.life import Bot
from reliability.moments import Deadline
from reliability.process import LOG
from reliability.report import Report
from reliability.standin.server import standing_in
from reliability.standin.world import (
    COMPONENT,
    FORUM_ID,
    HELP_CHANNEL_ID,
    MODAL_SUBMIT,
    NONCE_LASTS,
    PRIVATE_THREAD,
    Payload,
    World,
)
from reliability.tables import Fact, Invitation, Letter, Question, Tables
from tests.factories import NOW
from tests.fakes import ManualClock

ASKER, HELPER = 5, 6
HOUR = timedelta(hours=1)
POST_BUTTON = {"type": 1, "components": [{"type": 2, "custom_id": "question1:close:1", "label": "Close", "style": 2}]}


@pytest.mark.usefixtures("nursed")
async def test_a_bot_killed_at_any_moment_loses_and_doubles_nothing() -> None:
    report = await crash(kills=3, seed=1)
    assert report.is_clean, str(report)
    assert report.kills == 3
    assert report.starts == 4


class Community:
    """One question with its post and an invitation, whole and told, to be damaged."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.world = World(self.clock)
        self.message, _ = self.world.write(HELP_CHANNEL_ID, sent("post"))
        thread = self.world.open_thread(HELP_CHANNEL_ID, {"name": "Q"}, int(self.message["id"]))
        self.thread_id = int(thread["id"])
        mailbox = int(self.world.direct_channel(HELPER)["id"])
        self.invitation, _ = self.world.write(mailbox, sent("invitation"))
        self.asked = self.world.interact(MODAL_SUBMIT, ASKER, {"custom_id": "ask1:send:0"})
        self.asked.reply({"content": say("receipt.posted", thread=f"<#{self.thread_id}>")})
        self.taken = self.world.interact(COMPONENT, HELPER, {"custom_id": "invitation1:take:1"}, self.invitation)
        self.taken.reply({"content": say("invitation.taken", thread="here")})
        self.tables = Tables(
            letters=[
                Letter(
                    id=1, kind="post", key="post:1", nonce="post", attempts=1, sent_at=NOW, channel_id=self.thread_id,
                    message_id=int(self.message["id"]),
                ),
                Letter(
                    id=2, kind="invitation", key="invitation:1", nonce="invitation", attempts=1, sent_at=NOW,
                    channel_id=mailbox, message_id=int(self.invitation["id"]), after_id=1,
                ),
            ],
            questions=[
                Question(
                    id=1, user_id=ASKER, created_at=NOW, interaction_id=int(self.asked.payload["id"]), state="taken",
                    thread_id=self.thread_id,
                )
            ],
            invitations=[Invitation(id=1, request_id=1, user_id=HELPER, state="taken")],
            events=[Fact(type="taken", request_id=1, user_id=HELPER)],
        )  # fmt: skip

    def judge(self) -> Verdict:
        return judge(self.tables, self.world)

    def change_letter(self, number: int, **changes: object) -> None:
        self.tables.letters[number] = replace(self.tables.letters[number], **changes)  # type: ignore[arg-type]

    def change_question(self, **changes: object) -> None:
        self.tables.questions[0] = replace(self.tables.questions[0], **changes)  # type: ignore[arg-type]


def sent(nonce: str) -> Payload:
    return {"content": nonce, "nonce": nonce, "enforce_nonce": True}


@pytest.fixture
def community() -> Community:
    return Community()


def lines(verdict: Verdict) -> tuple[int, int, int]:
    return len(verdict.lost), len(verdict.doubled), len(verdict.broken)


def test_a_whole_community_passes(community: Community) -> None:
    assert community.judge() == Verdict([], [], [])


def test_a_message_sent_again_under_a_nonce_that_was_forgotten_is_doubled(community: Community) -> None:
    community.clock.advance(NONCE_LASTS)
    community.world.write(int(community.invitation["channel_id"]), sent("invitation"))
    (line,) = community.judge().doubled
    assert line.startswith("invitation:1 is in the world 2 times")


def test_a_post_opened_again_is_doubled(community: Community) -> None:
    for _ in range(2):
        community.world.open_thread(FORUM_ID, {"name": "Q", "message": {"components": [POST_BUTTON]}})
    verdict = community.judge()
    assert any("question1:close:1 is in the world 2 times" in line for line in verdict.doubled)


def test_a_message_that_no_letter_knows_is_doubled(community: Community) -> None:
    community.world.write(HELP_CHANNEL_ID, sent("unknown"))
    assert lines(community.judge()) == (0, 1, 0)


def test_a_thread_that_no_row_knows_is_doubled_unless_its_letter_was_moot_in_the_middle(community: Community) -> None:
    community.world.open_thread(HELP_CHANNEL_ID, {"name": "Q", "type": PRIVATE_THREAD})
    assert lines(community.judge()) == (0, 1, 0)
    community.tables.letters.append(
        Letter(id=3, kind="post", key="post:2", nonce="other", attempts=1, failure="moot", request_id=2)
    )
    assert lines(community.judge()) == (0, 0, 0)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"message_id": 1}, id="marked, never written"),
        pytest.param({"nonce": "another"}, id="marked with another's message"),
        pytest.param({"sent_at": None, "failure": None}, id="neither sent nor given up"),
        pytest.param({"sent_at": None, "failure": "timeout"}, id="given up for no good reason"),
    ],
)
def test_a_letter_that_isn_t_there_is_lost(community: Community, changes: dict[str, object]) -> None:
    community.change_letter(1, **changes)
    assert community.judge().lost


def test_two_letters_can_t_share_a_message(community: Community) -> None:
    twin = replace(community.tables.letters[1], id=3, key="invitation:2")
    community.tables.letters.append(twin)
    assert lines(community.judge()) == (2, 0, 0)


def test_a_letter_that_waits_for_one_that_was_given_up_is_lost(community: Community) -> None:
    community.change_letter(0, sent_at=None, failure="moot")
    community.change_letter(1, sent_at=None, due_at=NOW)
    assert lines(community.judge()) == (1, 0, 0)


def test_a_letter_that_was_moot_after_it_had_left_is_whole(community: Community) -> None:
    community.change_letter(1, sent_at=None, failure="moot", message_id=None)
    assert lines(community.judge()) == (0, 0, 0)


def test_a_question_with_a_receipt_has_to_be_there(community: Community) -> None:
    community.change_question(interaction_id=1)
    assert lines(community.judge()) == (1, 0, 0)


def test_what_somebody_was_promised_has_to_be_kept(community: Community) -> None:
    community.tables.events[-1] = Fact(type="taken", request_id=1, user_id=ASKER)
    community.tables.invitations[0] = replace(community.tables.invitations[0], state="asked")
    assert lines(community.judge()) == (1, 0, 0)


def test_what_was_said_without_a_name_has_to_be_kept(community: Community) -> None:
    replied = community.world.interact(MODAL_SUBMIT, ASKER, {"custom_id": "reply1:send:1"})
    replied.reply({"content": say("reply.done")})
    assert lines(community.judge()) == (1, 0, 0)
    key = f"reply:{replied.payload['id']}"
    community.tables.letters.append(Letter(id=3, kind="reply", key=key, nonce="reply", due_at=NOW))
    assert lines(community.judge()) == (0, 0, 0)


@pytest.mark.parametrize(("state", "is_lost"), [("waiting", True), ("archived", True), ("closed", False)])
def test_an_answer_has_to_be_noticed(community: Community, state: str, *, is_lost: bool) -> None:
    community.world.write(community.thread_id, {}, HELPER)
    community.change_question(state=state)
    assert bool(community.judge().lost) is is_lost
    community.tables.events.append(Fact(type="answered", request_id=1, user_id=HELPER))
    assert bool(community.judge().lost) is (state == "archived")


def test_nobody_should_read_that_the_bot_broke(community: Community) -> None:
    community.taken.reply({"content": say("error.unexpected", reference="a1b2c3d4")})
    assert lines(community.judge()) == (0, 0, 1)


def tables_of(
    letters: Iterable[Letter] = (), questions: Iterable[Question] = (), invitations: Iterable[Invitation] = ()
) -> Tables:
    return Tables(list(letters), list(questions), list(invitations), [])


def due_by(hours: float, tables: Tables) -> set[str]:
    return {each.what for each in due(tables, NOW + hours * HOUR)}


def test_letters_are_due_unless_they_are_sent_or_wait_for_another() -> None:
    first = Letter(id=1, kind="post", key="post:1", nonce="a", due_at=NOW)
    second = Letter(id=2, kind="invitation", key="invitation:1", nonce="b", due_at=NOW, after_id=1)
    assert [each.tells for each in due(tables_of([first, second]), NOW)] == [("letter post:1",)]
    first = replace(first, due_at=None, sent_at=NOW)
    assert [each.tells for each in due(tables_of([first, second]), NOW)] == [("letter invitation:1",)]
    assert due_by(-1, tables_of([first, second])) == set()


def test_invitations_run_out_while_they_are_open() -> None:
    invitation = Invitation(id=1, request_id=1, user_id=HELPER, expires_at=NOW)
    assert due_by(0, tables_of(invitations=[invitation])) == {"end of asked invitation"}
    assert due_by(0, tables_of(invitations=[replace(invitation, state="taken")])) == {"end of taken invitation"}
    assert due_by(0, tables_of(invitations=[replace(invitation, state="passed")])) == set()


def test_a_question_waits_for_people_then_for_its_asker_then_for_nobody() -> None:
    question = Question(id=1, user_id=ASKER, created_at=NOW, waiting_since=NOW, next_look_at=NOW + HOUR)
    told = Letter(id=1, kind="choices", key=f"choices:1:{NOW:%Y%m%d%H%M%S}", nonce="a", sent_at=NOW)
    people, choices, away = "next people for question", "choices about question", "putting away of question"
    assert due_by(1, tables_of(questions=[question])) == {people}
    assert due_by(48, tables_of(questions=[question])) == {people, choices}
    assert due_by(48, tables_of([told], [question])) == {people}
    assert due_by(7 * 24, tables_of([told], [question])) == {people, away}
    assert due_by(999, tables_of(questions=[replace(question, state="answered")])) == set()
    assert due_by(24, tables_of(questions=[replace(question, state="unposted")])) == {"end of unposted"}


def test_what_waits_is_listed_once_a_day_and_private_questions_for_moderators_only() -> None:
    question = Question(id=1, user_id=ASKER, created_at=NOW, waiting_since=NOW, thread_id=1)
    afternoon, morning = ((NOW + timedelta(days=3)).replace(hour=hour) for hour in (13, 11))
    kept = Letter(id=1, kind="digest", key=f"digest:1:{afternoon:%Y-%m-%d}", nonce="a", sent_at=afternoon)

    assert listed(tables_of(questions=[question]), afternoon) == {"digest", "moderator_digest"}
    assert listed(tables_of(questions=[question]), morning) == set()
    assert listed(tables_of(questions=[question]), NOW + 23 * HOUR) == set()
    assert listed(tables_of(questions=[replace(question, visibility="matched")]), afternoon) == {"moderator_digest"}
    assert listed(tables_of(questions=[replace(question, thread_id=None)]), afternoon) == set()
    assert listed(tables_of([kept], [question]), afternoon) == {"moderator_digest"}


def listed(tables: Tables, moment: datetime) -> set[str]:
    return {each.what for each in due(tables, moment)} & set(LISTED_AFTER)


def test_a_deadline_counts_once_by_how_it_ended() -> None:
    ledger, (first, second, third) = Ledger(), (Deadline("letter", number, NOW, "deliver") for number in range(3))
    ledger.come({first}, is_running=True)
    ledger.look(set())
    ledger.come({second, third}, is_running=True)
    ledger.come({third}, is_running=False)
    ledger.look({third})
    for _ in range(2):
        ledger.give_up({third})
    ledger.look(set())

    assert (ledger.met, ledger.made_up) == (1, 1)
    assert len(ledger.missed) == 1


def test_both_processes_share_a_clock_that_is_moved_on(tmp_path: Path) -> None:
    ours, theirs = MovedClock(tmp_path / "clock"), MovedClock(tmp_path / "clock")
    before = theirs.now()
    ours.move_on(7 * HOUR)
    ours.move_on(HOUR)
    assert 8 * HOUR <= theirs.now() - before < 9 * HOUR


def test_a_moment_came_when_it_was_passed_over_or_as_long_after_as_it_took(tmp_path: Path) -> None:
    clock = MovedClock(tmp_path / "clock")
    begun, since = perf_counter(), clock.now()
    clock.move_on(HOUR)
    moved = perf_counter()

    assert begun <= clock.came_at(since + HOUR / 2) <= moved
    assert clock.came_at(since + 2 * HOUR) == pytest.approx(begun + HOUR.total_seconds(), abs=1)
    assert clock.came_at(since - HOUR) == pytest.approx(begun - HOUR.total_seconds(), abs=1)


def test_forms_are_filled_as_a_client_would_let_somebody() -> None:
    form = {
        "custom_id": "ask1:send:0",
        "components": [
            {"type": 10, "content": "Nothing to fill in"},
            label({"type": 4, "custom_id": "text", "min_length": 200, "max_length": 210, "required": True}),
            label({"type": 3, "custom_id": "kind", "options": [{"value": "a"}, {"value": "b"}]}),
            label({"type": 5, "custom_id": "whom", "max_values": 2}),
            label({"type": 21, "custom_id": "one", "options": [{"value": "c"}]}),
            label({"type": 22, "custom_id": "some", "options": [{"value": "d"}], "min_values": 1}),
            label({"type": 23, "custom_id": "yes"}),
        ],
    }
    filled = Filler(random.Random(1), [ASKER, HELPER]).form(form)
    text, kind, whom, one, some, yes = (each["component"] for each in filled["components"])

    assert 200 <= len(text["value"]) <= 210
    assert kind["values"][0] in {"a", "b"}
    assert set(whom["values"]) == set(filled["resolved"]["users"])
    assert (one["value"], some["values"]) == ("c", ["d"])
    assert isinstance(yes["value"], bool)


def test_selects_are_chosen_from_and_buttons_only_pressed() -> None:
    filler = Filler(random.Random(1), [ASKER, HELPER])
    chosen = filler.press({"type": 5, "custom_id": "referral1:pick:1"})
    assert chosen["values"] == list(chosen["resolved"]["users"])
    assert "values" not in filler.press({"type": 2, "custom_id": "invitation1:take:1"})


def label(component: Payload) -> Payload:
    return {"type": 18, "label": "A label", "component": component}


@pytest.mark.usefixtures("nursed")
async def test_a_bot_that_ends_by_itself_is_at_fault(tmp_path: Path) -> None:
    async with standing_in() as discord:
        bot = Bot(discord, tmp_path, {"DATABASE_URL": "nonsense"})
        await bot.start()
        await bot.until_connected()
        await bot.kill()
    assert any("ended by itself" in fault for fault in bot.faults)
    assert any("not a log line" in fault for fault in bot.faults)
    assert not (tmp_path / LOG).exists()


def test_a_report_says_how_late_things_came() -> None:
    delay = Delay(due=2, intervals=[0.5, 1.5])
    delay.add(Delay(due=1, passed_by=["reminder 7 was passed by, 2.00 s"]))
    lines = str(Report(delays={"reminder": delay, "offer": Delay(due=4)})).splitlines()
    assert "| reminder | 3 | 1 | 2 | 50.0% | 1.00 | 1.50 |" in lines
    assert "| offer | 4 | 0 | 0 | | | |" in lines


def test_a_report_fails_with_anything_that_went_wrong() -> None:
    report = Report(kills=2, wrong={"lost": [], "doubled": ["post:1 is in the world 2 times"]})
    assert Report(kills=2, wrong={"lost": []}).is_clean
    assert not report.is_clean
    assert "| doubled | 1 |" in str(report)
    assert "- post:1 is in the world 2 times" in str(report)
