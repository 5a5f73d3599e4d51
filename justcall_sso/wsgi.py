"""The WSGI application that gunicorn serves."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from environs import EnvError

from justcall_sso.checks import SettingsRefused, refuse_bad_settings
from justcall_sso.plain_text import with_plain_content_type

# Gunicorn stops at this exit code, and does not try another worker.
_WORKER_BOOT_ERROR = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "justcall_sso.settings")
try:
    application = with_plain_content_type(get_wsgi_application())
    refuse_bad_settings()
except (EnvError, SettingsRefused) as refusal:
    # Without a stack trace: the operator needs the name of the variable and how to set it.
    sys.stderr.write(f"{refusal}\n")
    sys.exit(_WORKER_BOOT_ERROR)

# They need the apps, which are ready now.
from justcall_sso.database_waits import limit_waits_of_the_web  # noqa: E402
from justcall_sso.preloading import load_everything  # noqa: E402

load_everything()
limit_waits_of_the_web()
