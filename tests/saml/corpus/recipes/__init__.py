"""What the corpus is made of, a module a subject."""

from __future__ import annotations

from tests.saml.corpus.recipe import Recipe
from tests.saml.corpus.recipes import (
    checks,
    encrypted,
    envelope,
    identity,
    onelogin,
    person,
    replay,
    signature,
    structure,
    traits,
    vendors,
    wrapping,
)

ALL: tuple[Recipe, ...] = (
    *onelogin.RECIPES,
    *vendors.RECIPES,
    *traits.RECIPES,
    *person.RECIPES,
    *envelope.RECIPES,
    *signature.RECIPES,
    *wrapping.RECIPES,
    *structure.RECIPES,
    *encrypted.RECIPES,
    *checks.RECIPES,
    *identity.RECIPES,
    *replay.RECIPES,
)
