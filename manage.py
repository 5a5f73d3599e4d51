#!/usr/bin/env python
"""Django's command line for JustCall SSO."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "justcall_sso.settings")
    try:
        from django.core.management import execute_from_command_line
        from environs import EnvError
    except ImportError as error:
        sys.exit(f"{error}. Run `make install` once and use .venv/bin/python manage.py …")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:
        sys.exit(f"A variable in the environment cannot be read: {error}")


if __name__ == "__main__":
    main()
