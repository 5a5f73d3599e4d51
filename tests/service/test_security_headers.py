"""What every page tells the browser to forbid."""

import pytest
from django.test import Client


@pytest.mark.parametrize("address", ["/health/live/", "/no/such/page/"])
def test_every_answer_forbids_inline_code_frames_and_guessing(address: str) -> None:
    response = Client().get(address)
    policy = response["Content-Security-Policy"]
    for directive in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'"]:
        assert directive in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Referrer-Policy"] == "same-origin"
