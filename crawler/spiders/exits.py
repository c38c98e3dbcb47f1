"""What a crawl leaves to the command that ran it: its exit code, and the stats in which that is told.

Other commands end with the same codes.
"""

from __future__ import annotations

DONE, NOT_STARTED, FAILED, ALL_HELD = 0, 1, 3, 75
"""Exit codes: done; it could not begin; too many sites failed, or nothing could be stored; all sites asked for are held
by other runs."""
EXIT_CODE = "firstprint/exit_code"
"""The stat in which a crawl leaves its exit code. It says itself why."""
REVISED = "firstprint/verdicts_revised"
"""The stat of how many articles had their verdict revised after they were handed on to feeds and pipelines."""
