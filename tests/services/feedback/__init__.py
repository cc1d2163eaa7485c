"""Feedback on drafts, end to end below Discord."""
