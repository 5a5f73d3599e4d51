"""Texts of the pure core that are put into words when they are shown, in the reader's language."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Mark a text for translation, like Django's function of this name, which the pure core must not import.

    makemessages looks for this name, so the texts marked with it reach the translators.
    """
    return message
