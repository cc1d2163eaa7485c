"""Doors: each reads an interaction, calls one use case and shows its result."""
