"""The slash commands and context menus, read from the cogs' decorators and calls."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.house.source import python_files, tree, where
from tests.house.texts import called, catalogue


@dataclass(frozen=True, slots=True)
class Command:
    """One command as Discord is told of it; a context menu has no description."""

    name: str
    description: str | None
    place: str


def commands() -> list[Command]:
    """Return every command of every cog, at least one."""
    found = [*slash_commands(), *context_menus()]
    assert found
    return found


def slash_commands() -> Iterator[Command]:
    """Yield what `@app_commands.command(...)` decorates."""
    for file in python_files("cogs"):
        for function in ast.walk(tree(file)):
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            for decorator in function.decorator_list:
                if isinstance(decorator, ast.Call) and called(decorator) == "command":
                    name = words(decorator, "name") or function.name
                    yield Command(name, words(decorator, "description") or "", where(file, function))


def context_menus() -> Iterator[Command]:
    """Yield what is built as `app_commands.ContextMenu(...)` or decorated with `@app_commands.context_menu(...)`."""
    for file in python_files("cogs"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and called(node) in {"ContextMenu", "context_menu"}:
                yield Command(words(node, "name") or "", None, where(file, node))


def words(call: ast.Call, argument: str) -> str | None:
    """Return what an argument says in English: a literal, or a call whose first argument is a key or a literal."""
    for keyword in call.keywords:
        if keyword.arg == argument:
            value = keyword.value
            if isinstance(value, ast.Call) and value.args:
                value = value.args[0]
            assert isinstance(value, ast.Constant), f"{argument} at line {call.lineno} can't be read"
            return catalogue("en").get(str(value.value), str(value.value))
    return None
