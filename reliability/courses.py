"""What is due in the course of drafts: moderators hear of one without readers, and a review's words go."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.draft_dates import DraftDates
from reliability.moments import Deadline
from reliability.tables import DraftRow, Question, Tables


def around_drafts(tables: Tables, until: datetime) -> Iterator[Deadline]:
    """Yield what is to be done about drafts by a moment; after its date, no one is told of a draft that waits."""
    requests, keys = {each.id: each for each in tables.questions}, {each.key for each in tables.letters}
    for draft in tables.drafts:
        request = requests[draft.id]
        if request.needed_by is None or request.state == "unposted":
            continue
        dates = DraftDates(_began(draft, request), request.needed_by)
        if draft.has_review:
            yield Deadline("end of a review's words", draft.id, dates.text_deleted_at, "keep_time")
        told = f"unread:{draft.id}:{request.needed_by:%Y%m%d%H%M%S}"
        if request.state == "waiting" and until < request.needed_by and told not in keys:
            yield Deadline("moderators hear of a draft", draft.id, dates.moderators_at, "keep_time", (told,))


def _began(draft: DraftRow, request: Question) -> datetime:
    return max(each for each in (draft.round_at, request.waiting_since, request.created_at) if each is not None)
