"""How gunicorn serves JustCall SSO. Gunicorn reads this file by itself."""

import sys

from environs import EnvError

try:
    from justcall_sso import settings

    # Where to listen, how many processes, and threads in each.
    bind = [settings.env.str("BIND", "0.0.0.0:8000")]
    workers = settings.env.int("WEB_CONCURRENCY", 2)
    threads = settings.env.int("WEB_THREADS", 4)
except EnvError as error:
    sys.stderr.write(f"A variable in the environment cannot be read: {error}\n")
    sys.exit(3)

wsgi_app = "justcall_sso.wsgi:application"
worker_class = "gthread"
# Loaded once before the workers start: refused settings are said once.
preload_app = True
timeout = 30
graceful_timeout = 20
keepalive = 5
# Workers are renewed now and then, never all at once.
max_requests = 10_000
max_requests_jitter = 1_000
# Gunicorn's own lines take the shape of ours. The app's request log says it all, without query strings.
accesslog = None
logconfig_dict = {
    **settings.LOGGING,
    "loggers": {
        **settings.LOGGING["loggers"],  # type: ignore[dict-item]
        "gunicorn.error": {"handlers": [], "level": settings.LOG_LEVEL, "propagate": True},
    },
}
# The app alone decides which header says https (TRUSTED_PROXY_HEADER).
secure_scheme_headers: dict[str, str] = {}
# No second way in: `gunicornc` is not used, and its socket in the home folder is shared by all who run here.
control_socket_disable = True
