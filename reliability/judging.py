"""Whether everything came out whole: what the tables say beside what the world holds.

Lost is what was committed or promised and isn't there. Doubled is a message that was written twice for one occasion, or
for none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.ui.items import Press
from reliability.drafts import lost_drafts
from reliability.meetings import lost_meetings
from reliability.offers import doubled_slots, lost_slots
from reliability.queues import doubled_calls, lost_places
from reliability.sentences import is_told
from reliability.standin.world import BOT_ID, MODAL_SUBMIT, Interaction, World, Written
from reliability.tables import Letter, Question, Tables

MOOT: Final = {"moot", "closed"}
"""Why a letter may be given up: there was no reason for it any more, or it was a test that failed."""
OPENING: Final = {"post", "panel"}
"""The letters that may open a thread."""
REWRITES: Final = {"refresh", "removal"}
"""The kinds of letters that change the message of another one, or take it back."""
PUT_AWAY: Final = "archived"
"""The state of a question that any message in its thread opens again."""
WAITING: Final = {"waiting", "taken", PUT_AWAY}
"""The states of a question in which the next answer is a first one."""
OUT_OF_ITS_THREAD: Final = "matched_anonymous"
"""The visibility of what nothing that is typed in its thread answers: who asked can't read it there."""
RECEIPTS: Final = ("receipt.posted", "receipt.posting")
BROKEN: Final = (
    "error.unexpected", "error.unknown_press", "error.database", "ask.not_set_up", "ask.channel_hidden",
    "ask.channel_forbids", "ask.no_private_threads",
)  # fmt: skip
"""What no one should ever read here: that the bot broke, doesn't know its own button, or lacks what it was given."""
PROMISES: Final[dict[str, set[str]]] = {
    "invitation.taken": {"taken", "answered"},
    "draft.invitation.taken": {"taken", "answered"},
    "invitation.passed": {"passed", "off_topic"},
    "close.done": {"closed"},
    "outcome.helped": {"helped"},
    "outcome.partly": {"partly"},
}
"""A text that tells a person their press is kept, and the facts one of which must be there then."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What went wrong, a line each; three empty lists are a pass."""

    lost: list[str]
    doubled: list[str]
    broken: list[str]


def judge(tables: Tables, world: World) -> Verdict:
    """Compare what is kept with what is there, once nothing is on its way any more."""
    return Verdict(
        lost=[
            *_lost_letters(tables, world),
            *_lost_questions(tables, world),
            *_lost_presses(tables, world),
            *_lost_replies(tables, world),
            *_lost_answers(tables, world),
            *lost_meetings(tables, _answered(world)),
            *lost_slots(tables, _answered(world)),
            *lost_places(tables, _answered(world)),
            *lost_drafts(tables, world, _answered(world)),
        ],
        doubled=[
            *_doubled_messages(tables, world),
            *_stray_threads(tables, world),
            *doubled_slots(tables),
            *doubled_calls(tables, world.interactions.values()),
        ],
        broken=[f"{_what(each)} was told {_told(each)}" for each in _answered(world) if is_told(each, BROKEN)],
    )


def _lost_letters(tables: Tables, world: World) -> Iterator[str]:
    written = {int(each.message["id"]): each for each in world.written}
    said = [letter for letter in tables.letters if letter.sent_at is not None and letter.kind not in REWRITES]
    marked = Counter(letter.message_id for letter in said)
    failures = {letter.id: letter.failure for letter in tables.letters}
    for letter in tables.letters:
        if letter.sent_at is not None:
            message = written.get(letter.message_id or 0)
            is_its_own = message is not None and (letter.kind in REWRITES or message.nonce in {None, letter.nonce})
            if not is_its_own or marked[letter.message_id] > 1:
                yield f"{letter.key} is marked as sent, and isn't in the world"
        elif letter.failure is not None and letter.failure not in MOOT:
            yield f"{letter.key} was given up: {letter.failure}"
        elif letter.failure is None and letter.due_at is None:
            yield f"{letter.key} is neither sent nor given up"
        elif letter.due_at is not None and letter.after_id is not None and failures[letter.after_id] is not None:
            yield f"{letter.key} waits for what will never leave"


def _lost_questions(tables: Tables, world: World) -> Iterator[str]:
    kept = {question.interaction_id for question in tables.questions}
    for interaction in _answered(world):
        is_form = interaction.payload["type"] == MODAL_SUBMIT
        if is_form and is_told(interaction, RECEIPTS) and int(interaction.payload["id"]) not in kept:
            yield f"{_what(interaction)} got a receipt, and there is no such question"


def _lost_presses(tables: Tables, world: World) -> Iterator[str]:
    invited = {invitation.id: invitation.request_id for invitation in tables.invitations}
    facts = {(event.request_id, event.type) for event in tables.events}
    facts_of_people = {(event.request_id, event.type, event.user_id) for event in tables.events}
    # A person who answers in the thread has taken it, without another fact where another answered before.
    facts_of_people |= {(each.request_id, each.state, each.user_id) for each in tables.invitations}
    for interaction in _answered(world):
        press = Press.parse(str(interaction.payload["data"].get("custom_id", "")))
        keys = [key for key in PROMISES if is_told(interaction, [key])]
        if press is None or not keys:
            continue
        types = set[str]().union(*(PROMISES[key] for key in keys))
        if press.kind == "invitation":
            is_kept = any((invited.get(press.row), each, interaction.user_id) in facts_of_people for each in types)
        else:
            is_kept = any((press.row, each) in facts for each in types)
        if not is_kept:
            yield f"{_what(interaction)} was told {keys[0]}, and nothing of it is kept"


def _lost_replies(tables: Tables, world: World) -> Iterator[str]:
    kept = {letter.key for letter in tables.letters}
    for interaction in _answered(world):
        if is_told(interaction, ["reply.done"]) and f"reply:{interaction.payload['id']}" not in kept:
            yield f"{_what(interaction)} was told that it is said, and there is no such letter"


def _lost_answers(tables: Tables, world: World) -> Iterator[str]:
    noticed = {event.request_id for event in tables.events if event.type == "answered"}
    for question in tables.questions:
        if question.state in WAITING and question.id not in noticed and _has_answer(question, world):
            yield f"question {question.id} was answered in its thread, and nobody noticed"
        elif question.state == PUT_AWAY and _has_last_word(question, world):
            yield f"question {question.id} was put away, and stays so though somebody wrote in its thread"


def _doubled_messages(tables: Tables, world: World) -> Iterator[str]:
    occasions = {letter.nonce: letter.key for letter in tables.letters}
    groups = defaultdict[str, list[Written]](list)
    for written in world.written:
        if written.nonce is not None and written.nonce not in occasions:
            yield f"message {written.message['id']} was written for no occasion"
        elif written.nonce is not None:
            groups[occasions[written.nonce]].append(written)
        elif _names_row(written):
            groups[" ".join(written.custom_ids)].append(written)
    for occasion, messages in groups.items():
        if len(messages) > 1:
            yield f"{occasion} is in the world {len(messages)} times: {', '.join(map(_when, messages))}"


def _stray_threads(tables: Tables, world: World) -> Iterator[str]:
    """Yield threads that no row knows; a letter that opened one and was moot before it was marked explains one each."""
    known = {letter.channel_id for letter in tables.letters} | {each.thread_id for each in tables.questions}
    known |= {int(each.message["id"]) for each in world.written if each.nonce is not None}
    strays = [each["id"] for each in world.threads if int(each["id"]) not in known]
    unmarked = [each for each in tables.letters if each.kind in OPENING and _was_tried_in_vain(each)]
    if len(strays) > len(unmarked):
        yield from (f"thread {each} was opened for no occasion" for each in strays)


def _was_tried_in_vain(letter: Letter) -> bool:
    return letter.attempts > 0 and letter.sent_at is None


def _has_answer(question: Question, world: World) -> bool:
    if question.visibility == OUT_OF_ITS_THREAD:
        return False
    authors = {int(each["author"]["id"]) for each in world.messages.get(question.thread_id or 0, [])}
    return bool(authors - {BOT_ID, question.user_id})


def _has_last_word(question: Question, world: World) -> bool:
    """Tell whether a person wrote after the bot's last message."""
    messages = world.messages.get(question.thread_id or 0, [])
    return bool(messages) and int(messages[-1]["author"]["id"]) != BOT_ID


def _names_row(written: Written) -> bool:
    """Tell whether a message's buttons belong to one occasion; the panel's are the same every time."""
    presses = map(Press.parse, written.custom_ids)
    return any(press is not None and press.row for press in presses)


def _told(interaction: Interaction) -> str:
    where = "in the community" if "guild_id" in interaction.payload else "in direct messages"
    return f"{next(key for key in BROKEN if is_told(interaction, [key]))} {where}"


def _when(written: Written) -> str:
    return f"{datetime.fromisoformat(written.message['timestamp']):%d %b %H:%M:%S}"


def _answered(world: World) -> list[Interaction]:
    return [each for each in world.interactions.values() if each.replies]


def _what(interaction: Interaction) -> str:
    data = interaction.payload["data"]
    return f"{data.get('custom_id') or data.get('name')} ({interaction.payload['id']})"
