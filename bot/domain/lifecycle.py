"""What a request and an invitation can be, and which act leads where."""

from enum import StrEnum

from bot.errors import Conflict


class RequestState(StrEnum):
    """Where a request stands."""

    UNPOSTED = "unposted"
    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"
    ARCHIVED = "archived"


OPEN_STATES = (RequestState.WAITING, RequestState.TAKEN)
"""The states that count towards an asker's limit: no one has answered yet."""
ANSWERED_STATES = (RequestState.ANSWERED, RequestState.RESOLVED)
"""The states in which others may learn from what was said."""


class Act(StrEnum):
    """What can happen to a request."""

    POST = "post"
    TAKE = "take"
    ANSWER = "answer"
    RESOLVE = "resolve"
    ASK_OTHERS = "ask_others"
    CLOSE = "close"
    RELEASE = "release"
    ARCHIVE = "archive"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    """Take back what was asked about, at any time."""


class InvitationState(StrEnum):
    """Where an invitation stands."""

    ASKED = "asked"
    TAKEN = "taken"
    PASSED = "passed"
    OFF_TOPIC = "off_topic"
    UNDELIVERED = "undelivered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REFERRED = "referred"
    RELEASED = "released"
    ALTERNATE = "alternate"
    """Would have taken it; is asked again once a place is free."""


class Outcome(StrEnum):
    """How an exchange went, as the asker says privately."""

    HELPED = "helped"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class CloseReason(StrEnum):
    """Why a request ended without an outcome."""

    ASKER = "asker"
    MODERATOR = "moderator"
    THREAD_GONE = "thread_gone"
    NOT_POSTED = "not_posted"
    REPHRASED = "rephrased"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    """Its author has taken back what they asked about: nothing of it is kept."""


class Urgency(StrEnum):
    """When an answer is still of use."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    WHENEVER = "whenever"


class Visibility(StrEnum):
    """Who sees a request: everyone, or only the people it reaches; with the asker's name, or without it."""

    PUBLIC = "public"
    MATCHED = "matched"
    ANONYMOUS = "anonymous"
    MATCHED_ANONYMOUS = "matched_anonymous"

    @property
    def is_private(self) -> bool:
        """Tell whether only the people it reaches may read it."""
        return self in {Visibility.MATCHED, Visibility.MATCHED_ANONYMOUS}

    @property
    def is_hidden(self) -> bool:
        """Tell whether the asker stays unknown."""
        return self in {Visibility.ANONYMOUS, Visibility.MATCHED_ANONYMOUS}

    @property
    def shuts_out(self) -> bool:
        """Tell whether the asker isn't let into the thread: only people it reaches are, and the asker stays unknown."""
        return self.is_private and self.is_hidden


READABLE = tuple(each for each in Visibility if not each.is_private)
"""What everyone may read, so that others may learn from it."""
FOR_QUESTIONS = (Visibility.PUBLIC, Visibility.MATCHED, Visibility.ANONYMOUS)
"""Who may see a question: its asker has to be able to read the answers, which are in the thread."""
FOR_DRAFTS = (Visibility.MATCHED, Visibility.MATCHED_ANONYMOUS, Visibility.PUBLIC)
"""Who may see a draft; the first unless its author says otherwise."""
HIDDEN = tuple(each for each in Visibility if each.is_hidden)
"""What is asked without a name."""


class QuestionKind(StrEnum):
    """What sort of help a question asks for."""

    CONCEPT = "concept"
    RESOURCE = "resource"
    STUCK = "stuck"
    METHOD = "method"
    WRITING = "writing"
    CAREER = "career"
    MORALE = "morale"


_S = RequestState


def _all_to(state: RequestState, *before: RequestState) -> dict[RequestState, RequestState]:
    return dict.fromkeys(before, state)


_LEADS_TO: dict[Act, dict[RequestState, RequestState]] = {
    Act.POST: _all_to(_S.WAITING, _S.UNPOSTED, _S.WAITING),
    Act.TAKE: {**_all_to(_S.TAKEN, _S.WAITING, _S.TAKEN, _S.ARCHIVED), _S.ANSWERED: _S.ANSWERED},
    Act.ANSWER: {
        **_all_to(_S.ANSWERED, _S.WAITING, _S.TAKEN, _S.ANSWERED, _S.ARCHIVED),
        _S.RESOLVED: _S.RESOLVED,
    },
    Act.RESOLVE: _all_to(_S.RESOLVED, _S.ANSWERED, _S.RESOLVED, _S.WAITING, _S.TAKEN, _S.ARCHIVED),
    Act.ASK_OTHERS: _all_to(_S.WAITING, _S.ANSWERED, _S.RESOLVED, _S.WAITING, _S.TAKEN, _S.ARCHIVED),
    Act.RELEASE: {_S.TAKEN: _S.WAITING, _S.WAITING: _S.WAITING, _S.ANSWERED: _S.ANSWERED},
    Act.ARCHIVE: _all_to(_S.ARCHIVED, _S.WAITING, _S.TAKEN),
    Act.REOPEN: _all_to(_S.WAITING, _S.ARCHIVED, _S.CLOSED, _S.WAITING),
    Act.WITHDRAW: _all_to(_S.CLOSED, *(set(_S) - {_S.UNPOSTED})),
    Act.CLOSE: _all_to(_S.CLOSED, _S.WAITING, _S.TAKEN, _S.ANSWERED, _S.ARCHIVED),
}


def after(act: Act, state: RequestState) -> RequestState:
    """Return the state that `act` leads to.

    Raises:
        Conflict: the request is over, or this can't happen to it any more.
    """
    try:
        return _LEADS_TO[act][state]
    except KeyError:
        raise Conflict("request.over") from None


def require_thread(thread_id: int | None) -> None:
    """Make sure that there is a thread to lead a person to.

    Raises:
        Conflict: it was deleted, or never opened.
    """
    if thread_id is None:
        raise Conflict("request.over")


def awaits_answer(state: RequestState) -> bool:
    """Tell whether the next answer is a first one: while the asker waits, or has given up waiting."""
    return is_open(state) or state == RequestState.ARCHIVED


def is_open(state: RequestState) -> bool:
    """Tell whether the asker still waits for a first answer."""
    return state in OPEN_STATES
