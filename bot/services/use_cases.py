"""Everything the application can do: tied together in one place, and passed around in one piece."""

from dataclasses import dataclass
from typing import TypedDict

from bot.clock import Clock
from bot.domain.policy import Policy
from bot.routing.router import Router
from bot.services.community.counting import Counting
from bot.services.community.diagnosing import Diagnosing
from bot.services.community.digesting import Digesting
from bot.services.community.setting_up import SettingUp
from bot.services.community.sharing import Sharing
from bot.services.feedback.choosing import Choosing
from bot.services.feedback.comparing import Comparing
from bot.services.feedback.drafting import Drafting
from bot.services.feedback.previewing import Previewing
from bot.services.feedback.responding import Responding
from bot.services.feedback.reviewing import Reviewing
from bot.services.feedback.rounds import Rounds
from bot.services.feedback.settling import Settling
from bot.services.feedback.timekeeping import Timekeeping
from bot.services.feedback.withdrawing import Withdrawing
from bot.services.letters import all_letters
from bot.services.office_hours.booking import BookingSlots
from bot.services.office_hours.browsing import Browsing
from bot.services.office_hours.filling import Filling
from bot.services.office_hours.hosting import Hosting
from bot.services.office_hours.looking_back import LookingBack
from bot.services.office_hours.matching import Matching
from bot.services.office_hours.meeting import Meeting
from bot.services.office_hours.offering import Offering
from bot.services.office_hours.queueing import Queueing
from bot.services.office_hours.waitlisting import Waitlisting
from bot.services.outbox.delivering import Delivering
from bot.services.outbox.leasing import Leasing
from bot.services.outbox.presence import Presence
from bot.services.people.admitting import Admitting
from bot.services.people.belonging import Belonging
from bot.services.people.blocking import Blocking
from bot.services.people.profiling import Profiling
from bot.services.people.recognising import Recognising
from bot.services.people.tracking import Tracking
from bot.services.ports import Begin, Files, Membership, Messenger, Nudge, Read, Statistician
from bot.services.requests.asking import Asking
from bot.services.requests.catching_up import CatchingUp
from bot.services.requests.claiming import Claiming
from bot.services.requests.explaining import Explaining
from bot.services.requests.following_up import FollowingUp
from bot.services.requests.helping import Helping
from bot.services.requests.inviting import Inviting
from bot.services.requests.kinds import with_kinds
from bot.services.requests.noticing import Noticing
from bot.services.requests.pausing import Pausing
from bot.services.requests.posting import Posting
from bot.services.requests.referring import Referring
from bot.services.requests.replying import Replying
from bot.services.requests.resolving import Resolving
from bot.services.requests.revealing import Revealing
from bot.services.requests.thanking import Thanking
from bot.services.requests.watching import Watching
from bot.services.routing.reindexing import Reindexing


@dataclass(frozen=True, kw_only=True, repr=False)
class UseCases:
    """One of each, shared by all tasks."""

    admitting: Admitting
    asking: Asking
    belonging: Belonging
    blocking: Blocking
    booking: BookingSlots
    browsing: Browsing
    catching_up: CatchingUp
    choosing: Choosing
    claiming: Claiming
    comparing: Comparing
    counting: Counting
    timekeeping: Timekeeping
    delivering: Delivering
    diagnosing: Diagnosing
    digesting: Digesting
    drafting: Drafting
    explaining: Explaining
    filling: Filling
    following_up: FollowingUp
    helping: Helping
    hosting: Hosting
    inviting: Inviting
    looking_back: LookingBack
    meeting: Meeting
    noticing: Noticing
    offering: Offering
    pausing: Pausing
    posting: Posting
    profiling: Profiling
    queueing: Queueing
    recognising: Recognising
    referring: Referring
    reindexing: Reindexing
    replying: Replying
    resolving: Resolving
    revealing: Revealing
    responding: Responding
    reviewing: Reviewing
    rounds: Rounds
    setting_up: SettingUp
    settling: Settling
    sharing: Sharing
    thanking: Thanking
    tracking: Tracking
    waitlisting: Waitlisting
    watching: Watching
    withdrawing: Withdrawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the use cases meet: a database, Discord, a clock, the router, and processes of their own."""

    begin: Begin
    read: Read
    router: Router
    messenger: Messenger
    membership: Membership
    files: Files
    statistician: Statistician
    clock: Clock


class _OfDrafts(TypedDict):
    """What only drafts need."""

    choosing: Choosing
    comparing: Comparing
    drafting: Drafting
    responding: Responding
    reviewing: Reviewing
    settling: Settling
    timekeeping: Timekeeping
    rounds: Rounds
    withdrawing: Withdrawing


class _OfCommunities(TypedDict):
    """What those who moderate use."""

    counting: Counting
    diagnosing: Diagnosing
    digesting: Digesting
    setting_up: SettingUp
    sharing: Sharing


def wire(*, outside: Outside, policy: Policy, nudge: Nudge | None = None) -> UseCases:
    """Tie the use cases together; without another `nudge`, letters leave as soon as they are written."""
    begin, read, clock, policy = outside.begin, outside.read, outside.clock, with_kinds(policy)

    def deliver_soon() -> None:
        delivering.nudge()

    nudge = nudge or deliver_soon
    inviting = Inviting(begin, read, outside.router, clock, nudge, policy)
    belonging = Belonging(begin, read, outside.membership, inviting, nudge, clock)
    letters = all_letters(policy)
    leasing = Leasing(begin, clock, letters)
    presence = Presence(outside.messenger, belonging.standing, clock, letters)
    delivering = Delivering(begin, outside.messenger, clock, inviting.ask_more, letters, leasing, presence)
    return _around(delivering, belonging, inviting, outside, policy, nudge)


def _around(
    delivering: Delivering, belonging: Belonging, inviting: Inviting, outside: Outside, policy: Policy, nudge: Nudge
) -> UseCases:
    """Tie the rest to what sends letters."""
    begin, read, clock, messenger = outside.begin, outside.read, outside.clock, outside.messenger
    watching = Watching(begin, read, inviting, messenger, nudge, clock)
    helping = Helping(begin, read, inviting, watching, nudge, clock)
    catching_up, matching = CatchingUp(begin, read, watching, clock), Matching(outside.router, clock)
    resolving = Resolving(begin, inviting, nudge, clock)
    posting = Posting(begin, inviting, messenger, delivering.deliver, nudge, clock)
    return UseCases(
        **_of_drafts(outside, inviting, posting, nudge),
        **_of_communities(outside, nudge),
        admitting=Admitting(read, belonging),
        asking=Asking(begin, inviting, posting, nudge, clock),
        belonging=belonging,
        blocking=Blocking(begin, read, inviting, nudge, clock),
        booking=BookingSlots(begin, read, matching, nudge, clock, belonging.standing),
        browsing=Browsing(read, clock),
        catching_up=catching_up,
        claiming=Claiming(begin, read, inviting, nudge, clock),
        delivering=delivering,
        explaining=Explaining(read),
        filling=Filling(begin, read, matching, nudge, clock),
        following_up=FollowingUp(begin, read, inviting, nudge, clock),
        helping=helping,
        hosting=Hosting(begin, read, nudge, clock),
        inviting=inviting,
        looking_back=LookingBack(begin, read, resolving, nudge, clock),
        meeting=Meeting(begin, read, nudge, clock),
        noticing=Noticing(begin, read, catching_up, messenger, nudge, clock),
        offering=Offering(begin, read, nudge, clock),
        pausing=Pausing(begin, read, helping, clock),
        posting=posting,
        profiling=Profiling(begin, read, outside.router, nudge, clock),
        queueing=Queueing(begin, read, nudge, clock, belonging.standing),
        recognising=Recognising(read, belonging),
        referring=Referring(begin, inviting, clock),
        reindexing=Reindexing(begin, read, outside.router),
        replying=Replying(begin, read, nudge, clock, policy),
        resolving=resolving,
        revealing=Revealing(begin, read, delivering.deliver, belonging.standing, nudge, clock),
        thanking=Thanking(begin, read, nudge, clock),
        tracking=Tracking(begin, read, clock),
        waitlisting=Waitlisting(begin, read, matching, nudge, clock, belonging.standing),
        watching=watching,
    )


def _of_drafts(outside: Outside, inviting: Inviting, posting: Posting, nudge: Nudge) -> _OfDrafts:
    """Tie what only drafts need to what opens threads and asks people."""
    begin, read, clock, files = outside.begin, outside.read, outside.clock, outside.files
    previewing = Previewing(read, outside.messenger, clock)
    return _OfDrafts(
        choosing=Choosing(begin, read, previewing, files),
        comparing=Comparing(begin, read, nudge, clock),
        drafting=Drafting(begin, inviting, posting, previewing, files, clock),
        responding=Responding(begin, read, nudge, clock),
        reviewing=Reviewing(begin, read, inviting, nudge, clock),
        settling=Settling(begin, read, nudge, clock),
        timekeeping=Timekeeping(begin, read, nudge, clock),
        rounds=Rounds(begin, inviting, files, nudge, clock),
        withdrawing=Withdrawing(begin, inviting, nudge, clock),
    )


def _of_communities(outside: Outside, nudge: Nudge) -> _OfCommunities:
    """Tie what those who moderate use to what counts."""
    begin, read, clock, messenger = outside.begin, outside.read, outside.clock, outside.messenger
    counting = Counting(read, outside.statistician, clock)
    return _OfCommunities(
        counting=counting,
        diagnosing=Diagnosing(read, outside.router, messenger, clock),
        digesting=Digesting(begin, read, outside.statistician, nudge, clock),
        setting_up=SettingUp(begin, read, messenger, nudge, clock),
        sharing=Sharing(begin, read, counting, nudge, clock),
    )
