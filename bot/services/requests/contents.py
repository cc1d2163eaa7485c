"""What letters about questions are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.services.results import Exchange, RequestView, WaitingQuestion


@dataclass(frozen=True, slots=True)
class AboutQuestion:
    """A question, as everything shows it that is about one."""

    question: RequestView
    is_to_hidden: bool
    """Goes to the asker about what they asked without their name."""

    @property
    def is_to_shut_out(self) -> bool:
        """Tell whether it goes to an asker who can't open the thread."""
        return self.is_to_hidden and self.question.visibility.shuts_out


@dataclass(frozen=True, slots=True)
class Post(AboutQuestion):
    """A question, as it stands at the top of its thread."""


@dataclass(frozen=True, slots=True)
class Refreshed(Post):
    """The same, once it stands there otherwise."""


@dataclass(frozen=True, slots=True)
class BeingAsked(AboutQuestion):
    """Why one person is asked, and in whose name."""

    invitation_id: int
    reason: str | None = field(default=None, repr=False)
    """The statement that matched, in its owner's words."""
    is_learned: bool = False
    """The reason is a question that its addressee helped with, not their own words."""
    referrer_user_id: int | None = None
    is_again: bool = False
    """They have answered it before, when less was known of it."""


@dataclass(frozen=True, slots=True)
class Reminded(AboutQuestion):
    """That one person wanted to have a look."""

    invitation_id: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that is about no question."""

    text: str
    """Its key in the catalogue."""
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionNotice(AboutQuestion):
    """A line about a question."""

    text: str
    """Its key in the catalogue."""
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomeAsked(AboutQuestion):
    """That an asker is asked how it went."""

    is_again: bool = False


@dataclass(frozen=True, slots=True)
class ChoicesOffered(AboutQuestion):
    """What an asker may do about a question that no one took, or too few people."""

    answers: int = 0
    """People who have answered it, where it waits for more."""


@dataclass(frozen=True, slots=True)
class PutAway(AboutQuestion):
    """Why a thread is put away."""


@dataclass(frozen=True, slots=True)
class WaitingList:
    """The questions that wait longest."""

    waiting: tuple[WaitingQuestion, ...]
    more: int = 0
    """Questions that the list leaves out."""
    is_for_moderators: bool = False


@dataclass(frozen=True, slots=True)
class HiddenReply(AboutQuestion):
    """What a hidden asker wrote."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Thanks(AboutQuestion):
    """An asker's private note."""

    words: str = field(repr=False)
    helper_user_id: int | None = None
    """The helper it didn't reach, where it goes back to its author."""


@dataclass(frozen=True, slots=True)
class ToKeep(AboutQuestion):
    """Words that may be kept for others, if both agree."""

    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Silence:
    """That a person isn't asked any more."""

    member_id: int


@dataclass(frozen=True, slots=True)
class RevealWanted(AboutQuestion):
    """That a moderator has a reason to know who asked."""

    reveal_id: int
