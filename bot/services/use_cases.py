"""Everything the application can do, in one place to pass around."""

from dataclasses import dataclass

from bot.services.admitting import Admitting
from bot.services.asking import Asking
from bot.services.belonging import Belonging
from bot.services.blocking import Blocking
from bot.services.booking import Booking
from bot.services.browsing import Browsing
from bot.services.catching_up import CatchingUp
from bot.services.claiming import Claiming
from bot.services.counting import Counting
from bot.services.delivering import Delivering
from bot.services.diagnosing import Diagnosing
from bot.services.explaining import Explaining
from bot.services.filling import Filling
from bot.services.helping import Helping
from bot.services.inviting import Inviting
from bot.services.meeting import Meeting
from bot.services.noticing import Noticing
from bot.services.offering import Offering
from bot.services.pausing import Pausing
from bot.services.profiling import Profiling
from bot.services.queueing import Queueing
from bot.services.recognising import Recognising
from bot.services.referring import Referring
from bot.services.reindexing import Reindexing
from bot.services.replying import Replying
from bot.services.revealing import Revealing
from bot.services.setting_up import SettingUp
from bot.services.thanking import Thanking
from bot.services.tracking import Tracking
from bot.services.waiting import Waiting
from bot.services.waitlisting import Waitlisting


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
