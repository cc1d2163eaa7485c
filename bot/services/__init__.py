"""Use cases: one transaction each; they know no Discord and no SQL."""
