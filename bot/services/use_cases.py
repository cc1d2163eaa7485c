"""Everything the application can do, in one place to pass around."""

from dataclasses import dataclass

from bot.services.community.counting import Counting
from bot.services.community.diagnosing import Diagnosing
from bot.services.community.setting_up import SettingUp
from bot.services.office_hours.booking import Booking
from bot.services.office_hours.browsing import Browsing
from bot.services.office_hours.filling import Filling
from bot.services.office_hours.meeting import Meeting
from bot.services.office_hours.offering import Offering
from bot.services.office_hours.queueing import Queueing
from bot.services.office_hours.waitlisting import Waitlisting
from bot.services.outbox.delivering import Delivering
from bot.services.people.admitting import Admitting
from bot.services.people.belonging import Belonging
from bot.services.people.blocking import Blocking
from bot.services.people.profiling import Profiling
from bot.services.people.recognising import Recognising
from bot.services.people.tracking import Tracking
from bot.services.requests.asking import Asking
from bot.services.requests.catching_up import CatchingUp
from bot.services.requests.claiming import Claiming
from bot.services.requests.explaining import Explaining
from bot.services.requests.helping import Helping
from bot.services.requests.inviting import Inviting
from bot.services.requests.noticing import Noticing
from bot.services.requests.pausing import Pausing
from bot.services.requests.referring import Referring
from bot.services.requests.replying import Replying
from bot.services.requests.revealing import Revealing
from bot.services.requests.thanking import Thanking
from bot.services.requests.waiting import Waiting
from bot.services.routing.reindexing import Reindexing


@dataclass(frozen=True, slots=True)
class UseCases:
    """One of each, shared by all tasks."""

    admitting: Admitting
    asking: Asking
    belonging: Belonging
    blocking: Blocking
    booking: Booking
    browsing: Browsing
    catching_up: CatchingUp
    claiming: Claiming
    counting: Counting
    delivering: Delivering
    diagnosing: Diagnosing
    explaining: Explaining
    filling: Filling
    helping: Helping
    inviting: Inviting
    meeting: Meeting
    noticing: Noticing
    offering: Offering
    pausing: Pausing
    profiling: Profiling
    queueing: Queueing
    recognising: Recognising
    referring: Referring
    reindexing: Reindexing
    replying: Replying
    revealing: Revealing
    setting_up: SettingUp
    thanking: Thanking
    tracking: Tracking
    waiting: Waiting
    waitlisting: Waitlisting
