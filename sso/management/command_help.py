"""The help of a command, with examples at its end that keep their lines."""

from __future__ import annotations

import argparse

from django.core.management.base import CommandParser, DjangoHelpFormatter


class _KeepsLines(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Django's order of options, with description and examples as they were written."""


def with_examples(parser: CommandParser, *examples: str) -> CommandParser:
    """Give a command's help its examples."""
    parser.formatter_class = _KeepsLines
    parser.epilog = "\n".join(["examples:", *(f"  manage.py {example}" for example in examples)])
    return parser
