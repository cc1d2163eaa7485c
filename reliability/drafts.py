"""What became of drafts: places, files and what was taken back, judged by what people were told beside what is kept."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from bot.services.feedback.letters import SHOWS_DRAFT, guide_key
from bot.ui.items import Press
from reliability.sentences import is_told
from reliability.standin.world import Interaction, World, sent_at
from reliability.tables import DraftRow, Letter, Question, Tables

WITHDRAWN: Final = "withdrawn"
"""Why a draft is over whose author took it back."""
_POSTED: Final = ("draft.receipt.posted", "draft.receipt.posting")
_TAKEN_BACK: Final = ("feedback.withdrawn.author",)
_SENT: Final = ("feedback.page.sent",)
_STANDS_BY: Final = ("draft.places_taken",)
_MOVED: Final = ("feedback.asked_some", "feedback.asked_none")
_DROPPED: Final = ("feedback.preview.dropped",)


def crowded(tables: Tables) -> Iterator[str]:
    """Yield what may be at no moment: more people keep a place in a draft than it wants readers."""
    claims = Counter(
        each.request_id for each in tables.invitations if each.state == "taken" and each.expires_at is not None
    )
    for draft in tables.drafts:
        if claims[draft.id] > draft.readers:
            yield f"draft {draft.id} was kept for {claims[draft.id]} people, and is for {draft.readers}"


def lost_drafts(tables: Tables, world: World, answered: Iterable[Interaction]) -> Iterator[str]:
    """Yield what was promised about drafts and isn't so, long after all of them are over."""
    yield from _lost_files(tables, world)
    yield from _lost_new_files(tables, world, answered)
    yield from _untold(tables)
    yield from _left_reviews(tables, world)
    yield from _left_files(tables)
    yield from _still_there(tables, world)
    yield from _unkept(tables, answered)


def _lost_files(tables: Tables, world: World) -> Iterator[str]:
    """Yield drafts whose readers were to get a guide, or a file with the first one, and neither have it nor will."""
    letters, there = _by_key(tables), {int(each.message["id"]): each.message for each in world.written}
    waiting = {each.key for each in tables.files}
    for draft, request in _posted(tables):
        if request.close_reason == WITHDRAWN:
            continue
        for number in range(1, draft.round + 1):
            if guide_key(draft.id, number) not in letters:
                yield f"draft {draft.id} was posted, and its readers have no guide for round {number}"
        first = letters.get(guide_key(draft.id, 1))
        # Of a later round it isn't kept whether the first one had a file.
        if first is None or first.failure == "moot" or draft.file_format is None or draft.round > 1:
            continue
        if first.sent_at is None and first.key not in waiting:
            yield f"draft {draft.id} has lost its file before its thread had it"
        elif first.sent_at is not None and not there[first.message_id or 0]["attachments"]:
            yield f"draft {draft.id} was posted without its file"


def _lost_new_files(tables: Tables, world: World, answered: Iterable[Interaction]) -> Iterator[str]:
    """Yield drafts of which a new version's file isn't in the thread, though the author was told that it is done."""
    there = {int(each.message["id"]): each.message for each in world.written}
    given = Counter(press.row for each in answered if (press := _new_file(each)) is not None)
    for draft, request in _posted(tables):
        guides = [each for each in tables.letters if each.request_id == draft.id and each.kind == "guide"]
        if request.close_reason == WITHDRAWN or any(each.sent_at is None for each in guides):
            continue
        later = [each for each in guides if each.key != guide_key(draft.id, 1)]
        with_file = sum(bool(there[each.message_id or 0]["attachments"]) for each in later)
        if with_file < given[draft.id]:
            yield f"draft {draft.id} was given {given[draft.id]} new files, and its thread has {with_file}"


def _new_file(interaction: Interaction) -> Press | None:
    data = interaction.payload["data"]
    press = Press.parse(str(data.get("custom_id", "")))
    is_new = press is not None and (press.kind, press.verb) == ("round", "set_new")
    has_file = bool(data.get("resolved", {}).get("attachments"))
    return press if is_new and has_file and is_told(interaction, _MOVED) else None


def _untold(tables: Tables) -> Iterator[str]:
    """Yield feedback whose round is over, and whose reader doesn't hear what became of their points."""
    told = {each.key.split(":")[1] for each in tables.letters if each.key.startswith(("became:", "became_now:"))}
    drafts = {draft.id: (draft, request) for draft, request in _posted(tables)}
    for said in tables.feedback:
        draft, request = drafts[said.draft_id]
        is_over = said.sent_at is not None and said.round < draft.round and request.close_reason != WITHDRAWN
        if is_over and said.has_points and str(said.id) not in told:
            yield f"feedback {said.id} on draft {draft.id} is of a round that is over, and its reader wasn't told"


def _left_reviews(tables: Tables, world: World) -> Iterator[str]:
    """Yield reviews whose words are gone from the tables, and not from the bot's messages."""
    messages = {int(each["id"]) for some in world.messages.values() for each in some}
    gone = {draft.id for draft, _ in _posted(tables) if draft.stage == "review" and not draft.has_review}
    for letter in tables.letters:
        if letter.request_id in gone and letter.kind == "guide" and letter.message_id in messages:
            yield f"the words of review {letter.request_id} are gone, and {letter.key} still shows them"


def _left_files(tables: Tables) -> Iterator[str]:
    """Yield files that are kept for a letter that has left, or never will, or for a draft that is gone."""
    letters, requests = _by_key(tables), {each.id: each for each in tables.questions}
    for file in tables.files:
        letter, request = letters.get(file.key), requests.get(file.request_id)
        is_awaited = letter.due_at is not None if letter else request is not None and request.state == "unposted"
        if not is_awaited:
            yield f"the file of {file.key} is kept for nothing"


def _still_there(tables: Tables, world: World) -> Iterator[str]:
    """Yield what is left of drafts that were taken back: words, and messages of the bot that show them."""
    messages = {int(each["id"]) for some in world.messages.values() for each in some}
    taken_back = {each.id for each in tables.questions if each.close_reason == WITHDRAWN}
    yield from (f"draft {each.id} was taken back, and says what it was about" for each in tables.drafts
                if each.id in taken_back and each.has_words)  # fmt: skip
    for letter in tables.letters:
        if letter.request_id in taken_back and letter.kind in SHOWS_DRAFT and letter.message_id in messages:
            yield f"draft {letter.request_id} was taken back, and {letter.key} still shows it"


def _unkept(tables: Tables, answered: Iterable[Interaction]) -> Iterator[str]:
    requests = {each.id: each for each in tables.questions}
    unsent = {each.id for each in tables.feedback if each.sent_at is None}
    states = {(each.id, each.user_id): each.state for each in tables.invitations}
    for interaction in answered:
        press = Press.parse(str(interaction.payload["data"].get("custom_id", "")))
        if press is None:
            continue
        request = requests.get(press.row)
        state = request.state if request else "unposted"
        reason = request.close_reason if request else None
        promises = {
            _POSTED: press.kind != "drafting" or state != "unposted",
            _DROPPED: press.kind != "drafting" or request is None,
            _MOVED: request is None or request.needed_by is None or request.needed_by > sent_at(interaction),
            _TAKEN_BACK: reason == WITHDRAWN,
            _SENT: press.kind != "feedback" or press.row not in unsent,
            _STANDS_BY: states.get((press.row, interaction.user_id)) != "asked",
        }
        for texts, is_kept in promises.items():
            if is_told(interaction, texts) and not is_kept:
                yield f"{press} was told {texts[0]}, and nothing of it is kept"


def _posted(tables: Tables) -> Iterator[tuple[DraftRow, Question]]:
    requests = {each.id: each for each in tables.questions}
    for draft in tables.drafts:
        if requests[draft.id].state != "unposted":
            yield draft, requests[draft.id]


def _by_key(tables: Tables) -> dict[str, Letter]:
    return {each.key: each for each in tables.letters}
