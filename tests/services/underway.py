"""Everything that may be under way between people, for tests of what becomes of it when one of them goes away."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.domain.lifecycle import Visibility
from bot.services.feedback.versions import NewVersion
from bot.services.requests.revealing import Moderator
from models import Occurrence, Request
from tests.factories import GUILD_ID, a_series, an_occurrence
from tests.fakes import House, a_new_question, new_id
from tests.services.drafts import begin_draft, keep_draft
from tests.services.feedback.reviews import POINT, WRITTEN
from tests.services.hours import book, open_hours, wait_for
from tests.services.preparing import Prepared, can_be_prepared, prepared
from tests.services.scenes import ASKER, MODERATORS_ID, begin, helped

MENTEE, OTHER, MODERATOR = 81, 82, 31
WORDS = "It starts at step 300, with a learning rate of 1e-3."
THREAD = "thread"
Roles = Mapping[str, int]
"""The users who have a part in it, by role."""


@dataclass(frozen=True)
class Matter:
    """One thing under way, and who reads what once someone's part in it is over."""

    start: Callable[[House], Awaitable[Roles]]
    roles: tuple[str, ...]
    words: Mapping[str, tuple[str, str]]
    """By role of who left: to which role (or the thread) which text or kind of letter goes."""


async def waiting(house: House, visibility: Visibility = Visibility.PUBLIC) -> Roles:
    scene = await begin(house, 4, visibility)
    await house.settle()
    return {"asker": ASKER, "helper": scene.helpers[0].user_id}


async def unposted_invitations(house: House) -> Roles:
    scene = await begin(house, 4)
    return {"asker": ASKER, "helper": scene.helpers[0].user_id}


async def anonymous(house: House) -> Roles:
    return await waiting(house, Visibility.ANONYMOUS)


async def private(house: House) -> Roles:
    return await waiting(house, Visibility.MATCHED)


async def unposted(house: House) -> Roles:
    await house.asking.ask(a_new_question(ASKER, "Can I ask something about machine learning?"))
    return {"asker": ASKER}


async def taken(house: House) -> Roles:
    scene = await begin(house, 4)
    await house.settle()
    await scene.take(0)
    await house.settle()
    return {"asker": ASKER, "helper": scene.helpers[0].user_id}


async def answered(house: House) -> Roles:
    scene = await begin(house, 4)
    await house.settle()
    await scene.answer(0)
    return {"asker": ASKER, "helper": scene.helpers[0].user_id}


async def put_away(house: House) -> Roles:
    scene = await begin(house, 4)
    await scene.put_away()
    return {"asker": ASKER, "helper": scene.helpers[0].user_id}


async def reply(house: House) -> Roles:
    scene = await begin(house, 2, Visibility.ANONYMOUS)
    await house.settle()
    await house.replying.reply(scene.id, ASKER, new_id(), WORDS)
    return {"asker": ASKER}


async def thanks(house: House) -> Roles:
    scene = await helped(house)
    await house.thanking.thank(scene.id, ASKER, "Thank you so much for this!")
    return {"asker": ASKER, "helper": scene.helpers[0].user_id}


async def keep(house: House) -> Roles:
    scene = await helped(house)
    await house.thanking.keep(scene.id, ASKER, "Why is my loss infinite so soon?", WORDS)
    return {"asker": ASKER, "helper": scene.helpers[0].user_id}


async def keep_asked(house: House) -> Roles:
    roles = await keep(house)
    await house.settle()
    return roles


async def referral(house: House) -> Roles:
    scene = await begin(house, 4)
    await house.settle()
    friend = await house.helper("Gardening, balconies, tomatoes")
    await house.referring.refer(await scene.invitation_of(0), scene.helpers[0].user_id, friend.user_id)
    return {"asker": ASKER, "helper": friend.user_id, "referrer": scene.helpers[0].user_id}


async def slot(house: House) -> Roles:
    hours = await open_hours(house)
    return {"host": hours.host.user_id}


async def booked(house: House, after: timedelta = timedelta(days=2)) -> Roles:
    hours = await open_hours(house, after=after)
    await book(house, hours, MENTEE)
    await house.settle()
    return {"host": hours.host.user_id, "mentee": MENTEE}


async def reminder(house: House) -> Roles:
    roles = await booked(house)
    house.clock.advance(timedelta(days=1, minutes=1))
    await house.meeting.sweep()
    return roles


async def meeting(house: House) -> Roles:
    roles = await booked(house, timedelta(hours=3))
    house.clock.advance(timedelta(hours=3, minutes=1))
    await house.meeting.sweep()
    await house.settle()
    return roles


async def waitlist(house: House) -> Roles:
    hours = await open_hours(house, slots=1)
    await book(house, hours, OTHER)
    await wait_for(house, MENTEE, hours.host)
    await house.settle()
    return {"host": hours.host.user_id, "mentee": MENTEE}


async def offer(house: House) -> Roles:
    hours = await open_hours(house, slots=1)
    booking = await book(house, hours, OTHER)
    await wait_for(house, MENTEE, hours.host)
    await house.booking.cancel(booking.booking.booking_id, OTHER, "Something came up.")
    await house.waitlisting.sweep()
    return {"host": hours.host.user_id, "mentee": MENTEE}


async def queue(house: House) -> Roles:
    host = await house.helper()
    async with house.database.begin() as work:
        series = await a_series(work, host, is_walk_in=True, planned_until=house.clock.now() + timedelta(days=28))
        occurrence = await an_occurrence(work, series)
    await house.queueing.join(occurrence.id, MENTEE, new_id(), "How do I find out whether the loss is wrong?")
    return {"host": host.user_id, "mentee": MENTEE}


async def turn(house: House) -> Roles:
    roles = await queue(house)
    house.clock.advance(timedelta(days=1, minutes=1))
    await house.queueing.sweep()
    (hour,) = await house.rows(Occurrence)
    await house.queueing.invite_next(hour["id"], roles["host"])
    return roles


async def reveal(house: House) -> Roles:
    roles = await waiting(house, Visibility.ANONYMOUS)
    (question,) = await house.rows(Request)
    moderator = Moderator(GUILD_ID, MODERATOR, is_moderator=True)
    await house.revealing.want(moderator, question["thread_id"], "Somebody is threatened in this question.")
    return {**roles, "moderator": MODERATOR}


async def draft_unsent(house: House) -> Roles:
    await keep_draft(house, ASKER)
    return {"asker": ASKER}


async def draft_waiting(house: House, visibility: Visibility = Visibility.MATCHED) -> Roles:
    scene = await begin_draft(house, 4, visibility=visibility)
    await house.settle()
    (place, *_) = await scene.places("asked")
    return {"asker": ASKER, "helper": scene.helpers[place].user_id}


async def draft_taken(house: House) -> Roles:
    scene = await begin_draft(house, 4, readers=1)
    await house.settle()
    (place, *_) = await scene.places("asked")
    await scene.take(place)
    await house.settle()
    return {"asker": ASKER, "helper": scene.helpers[place].user_id}


async def draft_read(house: House, readers: int = 2) -> Roles:
    scene = await begin_draft(house, 4, readers=readers)
    await house.settle()
    places = (await scene.places("asked"))[:readers]
    for place in places:
        await scene.take(place)
        own = await house.reviewing.keep(scene.id, scene.helpers[place].user_id, WRITTEN)
        await house.reviewing.add_point(own.feedback.feedback_id, scene.helpers[place].user_id, POINT)
        await house.reviewing.send(own.feedback.feedback_id, scene.helpers[place].user_id)
    await house.settle()
    return {
        "asker": ASKER,
        **dict(zip(("helper", "other"), (scene.helpers[each].user_id for each in places), strict=False)),
    }


async def draft_compared(house: House) -> Roles:
    roles = await draft_read(house)
    (draft,) = await house.rows(Request)
    moment = int((house.clock.now() + timedelta(hours=20)).timestamp())
    await house.comparing.propose(draft["id"], roles["helper"], f"<t:{moment}:F>")
    await house.settle()
    return roles


async def draft_again(house: House) -> Roles:
    roles = await draft_read(house)
    (draft,) = await house.rows(Request)
    moment = int((house.clock.now() + timedelta(days=7)).timestamp())
    await house.rounds.next(draft["id"], ASKER, NewVersion(f"<t:{moment}:F>", "It is shorter now."))
    await house.settle()
    return roles


HELP, MEET, ASKER_ALONE, HOST_ALONE = ("asker", "helper"), ("host", "mentee"), ("asker",), ("host",)
REFERRED, REVEALED = (*HELP, "referrer"), (*HELP, "moderator")
CLOSED = {"asker": (THREAD, "thread.not_waited_for")}
OFF = {"host": ("mentee", "booking"), "mentee": ("host", "booking")}
MATTERS: Mapping[str, Matter] = {
    "question waiting": Matter(waiting, HELP, CLOSED),
    "invitations on their way": Matter(unposted_invitations, HELP, CLOSED),
    "anonymous question": Matter(anonymous, HELP, CLOSED),
    "private question": Matter(private, HELP, CLOSED),
    "question not posted": Matter(unposted, ASKER_ALONE, {}),
    "question taken": Matter(taken, HELP, {**CLOSED, "helper": ("asker", "asker.asking_others")}),
    "question answered": Matter(answered, HELP, {}),
    "question put away": Matter(put_away, HELP, {}),
    "reply on its way": Matter(reply, ASKER_ALONE, CLOSED),
    "thanks on their way": Matter(thanks, HELP, {"helper": ("asker", "thanks.returned")}),
    "exchange to keep": Matter(keep, HELP, {"helper": ("asker", "keep.over")}),
    "exchange asked about": Matter(
        keep_asked, HELP, {"helper": ("asker", "keep.over"), "asker": ("helper", "keep.over")}
    ),
    "referral": Matter(referral, REFERRED, CLOSED),
    "slot open": Matter(slot, HOST_ALONE, {}),
    "slot booked": Matter(booked, MEET, OFF),
    "reminder due": Matter(reminder, MEET, OFF),
    "under way": Matter(meeting, MEET, OFF),
    "place on the waitlist": Matter(waitlist, MEET, {"host": ("mentee", "waitlist.host_left")}),
    "slot offered": Matter(offer, MEET, {"host": ("mentee", "waitlist.host_left")}),
    "place in a queue": Matter(queue, MEET, {"host": ("mentee", "queue.ended")}),
    "turn in a queue": Matter(turn, MEET, {"host": ("mentee", "queue.ended")}),
    "draft not sent": Matter(draft_unsent, ASKER_ALONE, {}),
    "draft waiting": Matter(draft_waiting, HELP, {}),
    "draft without a name": Matter(partial(draft_waiting, visibility=Visibility.MATCHED_ANONYMOUS), HELP, {}),
    "draft taken": Matter(
        draft_taken,
        HELP,
        {"asker": ("helper", "feedback.withdrawn.reader"), "helper": ("asker", "asker.asking_others")},
    ),
    "draft read": Matter(draft_read, (*HELP, "other"), {}),
    "notes to compare": Matter(draft_compared, (*HELP, "other"), {}),
    "draft in its second round": Matter(draft_again, (*HELP, "other"), {}),
    "reveal wanted": Matter(reveal, REVEALED, CLOSED),
}


_started: dict[str, tuple[Prepared, Roles]] = {}
"""By matter; many tests begin with the same."""


async def start(house: House, name: str) -> Roles:
    """Open a community with everything in it, and let this be under way."""
    if name in _started and can_be_prepared(house):
        known, roles = _started[name]
        await known.put_into(house)
        return {**roles}
    await house.open(moderator_channel_id=MODERATORS_ID)
    roles = await MATTERS[name].start(house)
    if can_be_prepared(house):
        _started[name] = await prepared(house), {**roles}
    return roles
