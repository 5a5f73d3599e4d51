"""Mutants of the pure core that behave like the original, and why. Named as tests/mutation/run.py prints them."""

_NOTHING_LOADED = (
    "Where no entity is resolved and no DTD loaded, nothing is fetched, from the network or elsewhere."
)

EQUIVALENT: dict[str, str] = {
    "sso.saml.envelope:parse: True → False": _NOTHING_LOADED,
    "sso.saml.envelope:parse: declared.encoding or 'UTF-8' without 'UTF-8'": (
        "The type allows none; this libxml2 names UTF-8 where nothing is declared."
    ),
    "sso.saml.signature:_verified_copy: "
    "if False: not hmac.compare_digest(_decoded(digest_value), hashlib.new(digest_nam": (
        "xmlsec compares the same digest with its own canonical form. No message is known where the two forms differ; "
        "should there be one, what we read must be what was signed."
    ),
    "sso.saml.signature:_copy_within_document: True → False": "A copy has as many nodes as what it was made from.",
    "sso.saml.signature:_canonical: False → True": "The envelope has refused every comment.",
    "sso.saml.examination:_examined: person is None or not so_far.passed without person is None": (
        "Where nobody is named, a check has failed; the types do not know."
    ),
    "sso.saml.second_lock:CompiledSchemas.query: dom if context is None else context → its first": (
        "python3-saml's response names no context."
    ),
    "sso.saml.second_lock:_spellings: if True: b'EncryptedAssertion' in xml": (
        "What is not encrypted says the same in its canonical form."
    ),
    "sso.saml.second_lock:_verdict: _settings(config, private_key) if private_key else _kept_settings(conf → its first": (
        "Kept or made anew, they say the same."
    ),
    "sso.saml.second_lock:_settings: without 'strict'": "python3-saml's default; ours does not hang on it.",
    "sso.saml.second_lock:OffsetClock.parse_SAML_to_time: timestr.removesuffix('+00:00') + 'Z' without the last": (
        "python3-saml reads a time without a zone as UTC."
    ),
    "sso.saml.second_lock:OffsetClock.now: int(OneLogin_Saml2_Utils.now()) + _clock_offset.get() the other way": (
        "It is asked as of now, and as much later as earlier."
    ),
    "sso.saml.pasted.metadata_files:_parsed: True → False": _NOTHING_LOADED,
}
