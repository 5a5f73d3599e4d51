"""How gunicorn serves JustCall SSO. Gunicorn reads this file by itself."""

import os
import shutil
import sys
import tempfile
from typing import Any

from environs import EnvError

try:
    from justcall_sso import ending, settings

    # Where to listen, how many processes, and threads in each.
    bind = [settings.env.str("BIND", "0.0.0.0:8000")]
    workers = settings.env.int("WEB_CONCURRENCY", 2)
    threads = settings.env.int("WEB_THREADS", 4)
    # How long /health/ready/ says no before SIGTERM takes effect, so that a load balancer sends nobody any more.
    _drain_seconds = settings.env.int("DRAIN_SECONDS", 5, validate=settings.not_negative)
except EnvError as error:
    sys.stderr.write(f"A variable in the environment cannot be read: {error}\n")
    sys.exit(3)

# The workers count for /metrics in one folder, which goes with the master. A reload keeps it; a new master has its own.
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client's name for it, set by us alone
_counts = os.environ.get(_FOLDER, "")
_ours = f"justcall-metrics-{os.getpid()}-"
if not os.path.basename(_counts).startswith(_ours):
    _counts = os.environ[_FOLDER] = tempfile.mkdtemp(prefix=_ours)


def pre_fork(server: Any, worker: Any) -> None:
    """Give the worker the lowest number that is free: it goes on counting in the file of the last that had it."""
    taken = {each.number for each in server.WORKERS.values()}
    worker.number = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """From here on it is the worker that counts."""
    os.environ["WORKER_NUMBER"] = str(worker.number)


def on_exit(server: Any) -> None:
    """Remove what this master's workers have counted."""
    shutil.rmtree(_counts, ignore_errors=True)


wsgi_app = "justcall_sso.wsgi:application"
worker_class = "justcall_sso.web_worker.WebWorker"
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


def when_ready(server: Any) -> None:
    """Gunicorn calls this in its first process, before SIGTERM can come."""
    ending.announce_before_the_end(server, _drain_seconds)
