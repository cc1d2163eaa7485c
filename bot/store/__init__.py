"""The tables by intentions: what is meant, not how it is selected; nothing here commits."""
