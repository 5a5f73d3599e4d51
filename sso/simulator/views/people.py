"""The admin console: Users."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sso.simulator.account import the_account
from sso.simulator.directory import Person, PersonStatus
from sso.simulator.json_records import NotARecord, change

_TEXTS = {
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "username": "Username",
    "department": "Department",
    "title": "Title",
    "phone": "Phone",
}


def listing(request: HttpRequest) -> HttpResponse:
    """Users → Users."""
    state = the_account().store.state
    rows = [(person, ", ".join(state.roles_of(person))) for person in state.people]
    return render(request, "simulator/people.html", {"rows": rows})


def edit(request: HttpRequest, person_id: int | None = None) -> HttpResponse:
    """One person; without an id, somebody new."""
    account = the_account()
    state = account.store.state
    person = Person(email="") if person_id is None else state.person(person_id)
    roles, error = ", ".join(state.roles_of(person)), ""
    if request.method == "POST":
        values: dict[str, object] = {name: request.POST.get(name, "").strip() for name in _TEXTS}
        values["groups"] = _listed(request.POST.get("groups", ""))
        values["status"] = request.POST.get("status", PersonStatus.ACTIVE.value)
        try:
            with account.store.change() as changing:
                target = Person(email="") if person_id is None else changing.person(person_id)
                change(target, values)
                if person_id is None:
                    changing.add_person(target)
                else:
                    changing.check_person(target)
                changing.set_roles_of(target, _listed(request.POST.get("roles", "")))
        except NotARecord as trouble:
            person, error, roles = target, f"{trouble}.", request.POST.get("roles", "")
        else:
            return redirect("people")
    context = {
        "person": person,
        "fields": [(name, label, getattr(person, name)) for name, label in _TEXTS.items()],
        "groups": ", ".join(person.groups),
        "roles": roles,
        "statuses": list(PersonStatus),
        "error": error,
    }
    return render(request, "simulator/person.html", context, status=422 if error else 200)


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
