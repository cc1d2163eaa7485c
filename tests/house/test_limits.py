"""What a person's press leaves behind is held to a number, or something else bounds it; each is listed."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.domain.limits import LIMITS, Deed
from tests.house.source import python_files, tree

BOUNDED = {
    "Asking.close": "ends what was written, which is counted",
    "Asking.drop": "forgets what was written, which is counted",
    "Blocking.unblock": "takes back what was counted",
    "BookingSlots.cancel": "ends what was booked, which is counted",
    "Choosing.choose": "changes what was written, which is counted",
    "Choosing.clean_file": "changes what was written, which is counted",
    "Choosing.name_file": "changes what was written, which is counted",
    "Choosing.show_review": "changes what was written, which is counted",
    "Claiming.give_back": "ends what was taken, which is counted",
    "Inviting.ask_more": "asks whom it may ask, whoever presses",
    "LookingBack.appeal": "once for each booking",
    "LookingBack.excuse": "moderators, once for each booking",
    "Meeting.five_more": "once for each booking",
    "Meeting.here": "once for each booking and person",
    "LookingBack.leave": "moderators, once for each booking",
    "Noticing.channel_gone": "moderators, once for each channel",
    "Noticing.channel_opened": "moderators, and writes nothing new",
    "Noticing.said_is_gone": "once for each answer, and Discord bounds how many are written",
    "Digesting.stop": "moderators, one choice of a community",
    "Digesting.want": "moderators, one choice of a community",
    "Drafting.drop": "forgets what was written, which is counted",
    "Hosting.cancel": "ends what was offered, which is bounded",
    "Offering.confirm": "a host has so many series and no more",
    "Offering.drop": "forgets what was looked at, which is counted",
    "Hosting.end": "ends what was offered, which is bounded",
    "Pausing.end": "changes one's own row",
    "Pausing.from_invitation": "changes one's own row, and passes, which is counted",
    "Pausing.pause_for": "changes one's own row",
    "Pausing.pause_until": "changes one's own row",
    "Posting.post": "posts what was written, once",
    "Profiling.confirm_messages": "changes one's own row",
    "Queueing.come_back": "changes a place that was taken, which is counted",
    "Queueing.invite_next": "once for each place, which is counted",
    "Queueing.leave": "ends what was taken, which is counted",
    "Reviewing.remove_point": "forgets what was written, which is counted",
    "Settling.received": "notes once that feedback was read",
    "Settling.tell": "once for each feedback",
    "SettingUp.choose": "who manages the server",
    "SettingUp.choose_meeting": "who manages the server",
    "SettingUp.choose_moderators": "who manages the server",
    "SettingUp.choose_private": "who manages the server",
    "SettingUp.choose_rooms": "who manages the server",
    "Thanking.agree": "a yes or none, to words that are counted",
    "Thanking.decline": "empties what was asked for, which is counted",
    "Tracking.request": "reads, and changes nothing",
    "Comparing.agree": "once for each time that is proposed, which is counted",
    "FollowingUp.wish_to_talk": "once for each question and person",
    "Waitlisting.decline": "changes a place that was taken, which is counted",
    "Waitlisting.leave": "ends what was taken, which is counted",
    "Waitlisting.place": "reads, and changes nothing",
    "Withdrawing.withdraw": "ends what was written, which is counted",
    "Watching.thread_changed": "moderators, whom Discord bounds",
}
"""What people may do as often as they like, and why that does no harm."""


def test_whatever_writes_is_counted_or_bounded_by_something_else() -> None:
    uncounted = {name for name, calls in writing() if "limits.hold" not in calls}
    assert uncounted == set(BOUNDED)


def test_every_deed_has_a_number_and_is_counted_somewhere() -> None:
    calls = [
        each for file in python_files("bot/services") for each in ast.walk(tree(file)) if isinstance(each, ast.Call)
    ]
    counted = {ast.unparse(each.args[2]) for each in calls if ast.unparse(each.func) == "limits.hold"}
    assert counted == {f"Deed.{each.name}" for each in Deed}
    assert LIMITS.keys() == set(Deed)


def writing() -> Iterator[tuple[str, set[str]]]:
    """Return every use case that a door calls and that opens a transaction, with everything it calls in its module."""
    called_by_doors = {call for file in python_files("cogs") for call in calls_in(tree(file))}
    verbs = {call.rpartition(".")[2] for call in called_by_doors}
    for file in python_files("bot/services"):
        functions = functions_of(file)
        for use_case, method in methods_of(file):
            reached = reach(method.name, functions)
            if method.name in verbs and not method.name.startswith("_") and "self.begin" in reached:
                yield f"{use_case}.{method.name}", reached


def methods_of(file: Path) -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    for node in tree(file).body:
        if isinstance(node, ast.ClassDef):
            yield from ((node.name, each) for each in node.body if isinstance(each, ast.AsyncFunctionDef))


def functions_of(file: Path) -> dict[str, set[str]]:
    """Return what each function of a module calls, by name."""
    found = (each for each in ast.walk(tree(file)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return {each.name: set(calls_in(each)) for each in found}


def reach(name: str, functions: dict[str, set[str]]) -> set[str]:
    """Return everything that a function calls, directly or through others of its module."""
    reached, todo = set[str](), [name]
    while todo:
        for call in functions[todo.pop()] - reached:
            reached.add(call)
            inner = call.removeprefix("self.")
            if inner in functions:
                todo.append(inner)
    return reached


def calls_in(node: ast.AST) -> Iterator[str]:
    return (ast.unparse(each.func) for each in ast.walk(node) if isinstance(each, ast.Call))
