"""What the corpus is made of, a module a subject."""

from __future__ import annotations

from tests.saml.corpus.recipe import Recipe
from tests.saml.corpus.recipes import (
    algorithms,
    checks,
    encrypted,
    envelope,
    identity,
    moments,
    onelogin,
    people,
    person,
    prefixes,
    replay,
    signature,
    structure,
    traits,
    values,
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
    *algorithms.RECIPES,
    *wrapping.RECIPES,
    *structure.RECIPES,
    *values.RECIPES,
    *encrypted.RECIPES,
    *prefixes.RECIPES,
    *checks.RECIPES,
    *moments.RECIPES,
    *identity.RECIPES,
    *people.RECIPES,
    *replay.RECIPES,
)
