"""Gunicorn for the bare project and the peers, as JustCall SSO has it."""

import os

bind = [os.environ["BIND"]]
workers = int(os.environ["WEB_CONCURRENCY"])
threads = int(os.environ["WEB_THREADS"])
worker_class = "gthread"
preload_app = True
timeout = 30
keepalive = 5
wsgi_app = "django.core.wsgi:get_wsgi_application()"
control_socket_disable = True
