"""Loads all that a worker would load later, before gunicorn forks.

So a worker that is forked hours later is of the release that was started, even if another one lies in its folder by then.
And one thread makes what threads share.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.hashers import get_hashers
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.files.storage import storages
from django.core.mail import get_connection
from django.forms.renderers import get_default_renderer
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils.translation import gettext, override

from justcall_sso.health import known_migrations


def load_everything() -> None:
    """Import the views with all they need, and read every template, translation and migration."""
    # Schemas and suffix lists come with the views.
    get_resolver().url_patterns  # noqa: B018
    known_migrations()
    get_backends()
    get_hashers()
    get_default_password_validators()
    get_connection()
    # With the manifest: the names of all static files.
    storages["staticfiles"]
    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("")
    for backend in [engines["django"], get_default_renderer().engine]:  # type: ignore[attr-defined]
        _load_templates(backend)


def _load_templates(backend: Any) -> None:
    backend.engine.template_context_processors  # noqa: B018
    for folder in map(Path, [*backend.engine.dirs, *get_app_template_dirs("templates")]):
        for file in folder.rglob("*.*"):
            try:
                backend.get_template(str(file.relative_to(folder)))
            except (TemplateDoesNotExist, TemplateSyntaxError, UnicodeDecodeError):
                # One of Django's that this project can't use: nobody asks for it.
                continue
