"""`manage.py seed_demo`: the demo's companies and people."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from accounts.plans import Plan
from accounts.roles import Role

PASSWORD = "welcome-to-justcall"  # noqa: S105 - printed, and made on this machine only
COMPANIES = [
    ("Acme", Plan.BUSINESS, "company of the help article, acme.example is verified"),
    ("Globex", Plan.BUSINESS, "a stranger to Acme"),
    ("Initech", Plan.PRO, "on a plan without single sign-on"),
]
PEOPLE = [
    ("Acme", "Olivia", "Owner", Role.OWNER),
    ("Acme", "Adam", "Admin", Role.ADMIN),
    ("Acme", "Agnes", "Agent", Role.AGENT),
    ("Globex", "Greta", "Owner", Role.OWNER),
    ("Initech", "Ian", "Owner", Role.OWNER),
]


class Command(BaseCommand):
    help = "Creates the demo's companies and people where they are missing, and prints how they sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        host = urlsplit(settings.PUBLIC_BASE_URL).hostname
        if host not in {"localhost", "127.0.0.1"}:
            raise CommandError(f"The demo's passwords are public: they are not made for {host}.")
        with transaction.atomic():
            companies = {name: self._company(name, plan) for name, plan, _ in COMPANIES}
            for company, first, last, role in PEOPLE:
                self._person(companies[company], first, last, role)
        self._print()

    def _company(self, name: str, plan: Plan) -> Organization:
        slug = name.lower()
        company, is_new = Organization.objects.get_or_create(
            slug=slug, defaults={"name": name, "plan": plan.value, "seat_limit": 25}
        )
        if is_new:
            now = timezone.now()
            company.domains.create(name=f"{slug}.example", verified_at=now, last_checked_at=now)
        return company

    def _person(self, company: Organization, first: str, last: str, role: Role) -> None:
        email = f"{first.lower()}@{company.slug}.example"
        if not User.objects.filter(email=email).exists():
            User.objects.create_user(
                email, PASSWORD, organization=company, first_name=first, last_name=last, role=role.value
            )

    def _print(self) -> None:
        self.stdout.write(f"\nThe password of everybody is {PASSWORD} (unless you changed it).")
        for name, plan, words in COMPANIES:
            self.stdout.write(f"\n{name} · {plan.label} · {words}")
            for company, first, last, role in PEOPLE:
                if company == name:
                    person = f"{first} {last}"
                    email = f"{first.lower()}@{name.lower()}.example"
                    self.stdout.write(f"  {person:<16}{email:<24}{role.label}")
