"""Feedback on drafts: what an author sends, what readers say about it, and what becomes of that."""
