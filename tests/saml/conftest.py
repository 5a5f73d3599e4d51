"""What the tests of the pure core need besides its cast."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from sso.saml.names import DS, MD, SAML, SAMLP


@pytest.fixture
def nobodys_prefixes() -> Iterator[None]:
    """The libraries that sign in tests register the usual prefixes with lxml; the service must not live on that."""
    usual = {"samlp": SAMLP, "saml": SAML, "md": MD, "ds": DS}
    for number, namespace in enumerate(usual.values()):
        etree.register_namespace(f"other{number}", namespace)
    yield
    for prefix, namespace in usual.items():
        etree.register_namespace(prefix, namespace)
