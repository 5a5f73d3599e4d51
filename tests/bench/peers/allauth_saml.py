"""django-allauth's SAML as its documents set it up: one organization, its settings in `SOCIALACCOUNT_PROVIDERS`."""

import os
from pathlib import Path

from tests.bench.floor.bare import *  # noqa: F403
from tests.bench.floor.bare import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [
    *INSTALLED_APPS,
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.saml",
]
MIDDLEWARE = [*MIDDLEWARE, "allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# An address that a company's identity provider vouches for is not confirmed by e-mail again.
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "saml": {
        "APPS": [
            {
                "name": "Acme",
                "provider_id": os.environ["BENCH_ISSUER"],
                "client_id": "acme",
                "settings": {
                    "attribute_mapping": {
                        "uid": "email",
                        "email": "email",
                        "first_name": "firstName",
                        "last_name": "lastName",
                    },
                    "idp": {
                        "entity_id": os.environ["BENCH_ISSUER"],
                        "sso_url": os.environ["BENCH_ISSUER"],
                        "x509cert": Path(os.environ["BENCH_CERTIFICATE"]).read_text(),
                    },
                    # Sign-ins from the tile, and what its documents recommend for a production.
                    "advanced": {
                        "reject_idp_initiated_sso": False,
                        "reject_deprecated_algorithm": True,
                        "want_assertion_signed": True,
                        "strict": True,
                    },
                },
            }
        ]
    }
}
ROOT_URLCONF = "allauth.urls"
