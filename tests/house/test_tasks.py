"""A task no one holds can vanish in the middle; only bot/tasks.py starts one. (A TaskGroup holds its own.)"""

import ast

from tests.house.source import ROOT, python_files, tree, where

HOME = ROOT / "bot" / "tasks.py"
LOOPS = frozenset({"get_running_loop", "get_event_loop", "loop"})


def test_only_spawn_starts_a_task() -> None:
    found = [
        where(file, node)
        for file in python_files("bot", "cogs")
        for node in ast.walk(tree(file))
        if starts_on_the_loop(node) and file != HOME
    ]
    assert any(starts_on_the_loop(node) for node in ast.walk(tree(HOME)))
    assert not found


def starts_on_the_loop(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr != "create_task":
        return False
    owner = node.value.func if isinstance(node.value, ast.Call) else node.value
    return (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")) in LOOPS
