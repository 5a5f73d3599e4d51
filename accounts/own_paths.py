"""Where people may be sent after signing in: to our own paths only, never to another site."""

from __future__ import annotations

from django.conf import settings

MAX_LENGTH = 2000


def own_path_or(value: str, default: str) -> str:
    """The value if it is a path of this site, else the default.

    A path begins with exactly one slash, holds no backslash, blank or control character, and has at most `MAX_LENGTH`
    characters. Browsers drop some control characters: `/\\t/evil.example` would leave the site.
    An address of our own origin (PUBLIC_BASE_URL) counts as its path.
    """
    origin = settings.PUBLIC_BASE_URL
    if value == origin or value.startswith(f"{origin}/"):
        value = value.removeprefix(origin) or "/"
    is_own = (
        value.startswith("/")
        and value[1:2] not in ("/", "\\")
        and "\\" not in value
        and len(value) <= MAX_LENGTH
        and value.isprintable()
        and " " not in value
    )
    return value if is_own else default
