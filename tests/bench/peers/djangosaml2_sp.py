"""djangosaml2 as its documents set it up."""

import os
from pathlib import Path

from tests.bench.floor.bare import *  # noqa: F403
from tests.bench.floor.bare import INSTALLED_APPS, MIDDLEWARE
from tests.bench.peers.pysaml2_config import service_provider

INSTALLED_APPS = [*INSTALLED_APPS, "djangosaml2"]
MIDDLEWARE = [*MIDDLEWARE, "djangosaml2.middleware.SamlSessionMiddleware"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "djangosaml2.backends.Saml2Backend"]
SAML_SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = False
SAML_CREATE_UNKNOWN_USER = True
SAML_ATTRIBUTE_MAPPING = {
    "email": ("username", "email"),
    "firstName": ("first_name",),
    "lastName": ("last_name",),
}
SAML_CONFIG = service_provider(
    "http://sp.example/metadata/",
    "http://sp.example/acs/",
    os.environ["BENCH_ISSUER"],
    Path(os.environ["BENCH_CERTIFICATE"]).read_text(),
)
ROOT_URLCONF = "djangosaml2.urls"
