"""The running stand-in: what is on disk, who is signed in, and the address it is reached at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sso.simulator.answering import Answerer
from sso.simulator.connector import SamlApp
from sso.simulator.store import Store
from sso.simulator.visits import Visits


@dataclass(frozen=True)
class Account:
    """One OneLogin account."""

    store: Store
    visits: Visits
    base_url: str

    def answerer(self, app: SamlApp) -> Answerer:
        """Whoever signs for an app, with the certificate it has at the moment."""
        certificate = self.store.state.certificate(app.certificate)
        return Answerer(
            app=app, base_url=self.base_url, certificate=certificate, key=self.store.key(certificate)
        )


_running: list[Account] = []


def open_account(account: Account) -> None:
    """Make this the account of the process, before it serves."""
    _running[:] = [account]


def the_account() -> Account:
    """The account of this process."""
    return _running[0]


def now() -> dt.datetime:
    """The stand-in's clock, UTC."""
    return dt.datetime.now(dt.UTC)
