"""Where a person may be sent after signing in: our own paths only, never an address from outside."""

from __future__ import annotations

MAX_LENGTH = 2000


def own_path_or(value: str, default: str) -> str:
    """The value if it is a path of this site, else the default.

    A path begins with one slash, has no second one or a backslash after it, no blank or control character anywhere
    (browsers drop some of them, so `/\\t/evil.example` would leave the site), and at most 2000 characters.
    """
    is_own = (
        value.startswith("/")
        and value[1:2] not in ("/", "\\")
        and "\\" not in value
        and len(value) <= MAX_LENGTH
        and value.isprintable()
        and " " not in value
    )
    return value if is_own else default
