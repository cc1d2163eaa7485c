"""Everything the application can do, in one place to pass around."""

from dataclasses import dataclass

from bot.services.asking import Asking
from bot.services.counting import Counting
from bot.services.delivering import Delivering
from bot.services.diagnosing import Diagnosing
from bot.services.explaining import Explaining
from bot.services.helping import Helping
from bot.services.inviting import Inviting
from bot.services.profiling import Profiling
from bot.services.reindexing import Reindexing
from bot.services.setting_up import SettingUp


@dataclass(frozen=True, slots=True)
class UseCases:
    """One of each, shared by all tasks."""

    asking: Asking
    counting: Counting
    delivering: Delivering
    diagnosing: Diagnosing
    explaining: Explaining
    helping: Helping
    inviting: Inviting
    profiling: Profiling
    reindexing: Reindexing
    setting_up: SettingUp
