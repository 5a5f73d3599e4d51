"""The running stand-in: its stored state, who is signed in, and its address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sso.simulator.connector import SamlApp
from sso.simulator.responder import Responder
from sso.simulator.store import Store
from sso.simulator.visits import Visits


@dataclass(frozen=True)
class Account:
    """One OneLogin account."""

    store: Store
    visits: Visits
    base_url: str

    def responder(self, app: SamlApp) -> Responder:
        """What makes the responses of an app, with the app's current certificate."""
        certificate = self.store.state.certificate(app.certificate)
        return Responder(
            app=app, base_url=self.base_url, certificate=certificate, key=self.store.key(certificate)
        )


_running: list[Account] = []


def set_account(account: Account) -> None:
    """Set the account of this process, before it serves."""
    _running[:] = [account]


def the_account() -> Account:
    """The account of this process."""
    return _running[0]


def now() -> dt.datetime:
    """The stand-in's clock, UTC."""
    return dt.datetime.now(dt.UTC)
