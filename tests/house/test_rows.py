"""What one row holds stops nothing but itself: one reader of kept zones, and one place where a sweep's faults end."""

import ast

from tests.house.source import ROOT, python_files, tree, where

FAILS_AS_A_WHOLE = {
    "bot/services/office_hours/planning.py",
    "bot/services/office_hours/hosting.py",
    "bot/services/office_hours/offering.py",
    "bot/calendars",
}
"""Office hours whose zone no one knows must not take place at another hour, so there is no clock to fall back to."""
READER = "bot/domain/hours.py"
ENDS_OF_FAULTS = {"bot/services/sweeping.py"} | {f"bot/services/outbox/{each}.py" for each in ("delivering", "leasing")}


def test_whose_zone_nobody_knows_has_a_clock_all_the_same() -> None:
    found = [
        where(file, node)
        for file in python_files("bot", "cogs")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ZoneInfo"
    ]
    allowed = (*FAILS_AS_A_WHOLE, READER)
    assert [each for each in found if each.startswith(READER)]
    assert not [each for each in found if not each.startswith(tuple(allowed))]


def test_only_what_goes_on_with_the_others_catches_everything() -> None:
    found = {
        str(file.relative_to(ROOT))
        for file in python_files("bot/services", "bot/store", "bot/domain")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler) and getattr(node.type, "id", "") in {"Exception", "BaseException"}
    }
    assert found == ENDS_OF_FAULTS
