"""SAML 2.0 for a service provider. No Django, no database; the time is an argument.

A response becomes trusted step by step: `envelope.decode` gives an `UnverifiedResponse`, `signature.verify` a
`SignedAssertion`, and `examination.examine` runs the checks on it and gives a `VerifiedIdentity`.
"""
