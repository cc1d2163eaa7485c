"""Morsel asks Discord for no privileged intent; a privilege never asked for can't leak."""

import ast

from tests.house.source import ROOT, python_files, tree, where

PRIVILEGED = frozenset({"members", "presences", "message_content"})
TOO_MUCH = frozenset({"all", "privileged"})


def test_the_client_says_which_intents_it_uses() -> None:
    assert any(is_intents(node) for node in ast.walk(tree(ROOT / "bot" / "client.py")))


def test_none_is_privileged() -> None:
    asked = [
        where(file, node)
        for file in python_files("bot", "cogs", "playground")
        for node in ast.walk(tree(file))
        if asks_for_privilege(node)
    ]
    assert not asked


def is_intents(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id == "Intents") or (
        isinstance(node, ast.Attribute) and node.attr == "Intents"
    )


def asks_for_privilege(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute) and target.attr in PRIVILEGED for target in node.targets)
    if isinstance(node, ast.Attribute):
        return node.attr in TOO_MUCH and is_intents(node.value)
    if not isinstance(node, ast.Call) or not is_intents(node.func):
        return False
    return any(keyword.arg is None or keyword.arg in PRIVILEGED for keyword in node.keywords)
