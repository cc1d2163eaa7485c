"""How hard properties are searched for a counterexample."""

from hypothesis import settings

settings.register_profile("ui", deadline=None, max_examples=80)
settings.load_profile("ui")
