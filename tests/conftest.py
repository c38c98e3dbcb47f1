"""What holds for every room of tests."""

from __future__ import annotations

from hypothesis import settings

# A deadline for each example would judge what else the machine does: the whole suite runs on all its cores.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
