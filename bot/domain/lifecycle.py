"""What a request and an invitation can be, and which act leads where."""

from enum import StrEnum

from bot.errors import Conflict


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    CLOSED = "closed"


OPEN_STATES = (RequestState.WAITING, RequestState.TAKEN)
"""The states that count towards an asker's limit: nobody has answered yet."""
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


class InvitationState(StrEnum):
    """Where an invitation stands; the last two wait for the issue that brings them."""

    ASKED = "asked"
    TAKEN = "taken"
    PASSED = "passed"
    OFF_TOPIC = "off_topic"
    UNDELIVERED = "undelivered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REFERRED = "referred"


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


class Urgency(StrEnum):
    """When an answer is still of use."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    WHENEVER = "whenever"


class Visibility(StrEnum):
    """Who sees a request; the last two wait for the issue that brings them."""

    PUBLIC = "public"
    MATCHED = "matched"
    ANONYMOUS = "anonymous"


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
_LEADS_TO: dict[Act, dict[RequestState, RequestState]] = {
    Act.POST: {_S.DRAFT: _S.WAITING, _S.WAITING: _S.WAITING},
    Act.TAKE: {_S.WAITING: _S.TAKEN, _S.TAKEN: _S.TAKEN, _S.ANSWERED: _S.ANSWERED},
    Act.ANSWER: {_S.WAITING: _S.ANSWERED, _S.TAKEN: _S.ANSWERED, _S.ANSWERED: _S.ANSWERED, _S.RESOLVED: _S.RESOLVED},
    Act.RESOLVE: {_S.ANSWERED: _S.RESOLVED, _S.RESOLVED: _S.RESOLVED, _S.WAITING: _S.RESOLVED, _S.TAKEN: _S.RESOLVED},
    Act.ASK_OTHERS: {
        _S.ANSWERED: _S.WAITING,
        _S.RESOLVED: _S.WAITING,
        _S.WAITING: _S.WAITING,
        _S.TAKEN: _S.WAITING,
    },
    Act.CLOSE: {_S.WAITING: _S.CLOSED, _S.TAKEN: _S.CLOSED, _S.ANSWERED: _S.CLOSED},
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


def is_open(state: RequestState) -> bool:
    """Tell whether the asker still waits for a first answer."""
    return state in OPEN_STATES
