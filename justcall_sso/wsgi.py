"""The WSGI application gunicorn serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from environs import EnvError

from justcall_sso.checks import SettingsRefused, refuse_bad_settings
from justcall_sso.plain_text import with_plain_content_type

# Gunicorn's own code for "stop, a new worker would not start either".
_WORKER_BOOT_ERROR = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "justcall_sso.settings")
try:
    application = with_plain_content_type(get_wsgi_application())
    # Imports every view and what it needs, schemas and suffix lists too: whatever threads share is made before the fork,
    # by one thread, and workers have all of one release.
    get_resolver().url_patterns  # noqa: B018
    refuse_bad_settings()
except (EnvError, SettingsRefused) as refusal:
    # No stack trace: the operator is told the variable and the cure, and nothing else.
    sys.stderr.write(f"{refusal}\n")
    sys.exit(_WORKER_BOOT_ERROR)
