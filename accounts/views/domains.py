"""Settings → Security → Verified domains."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import domains as email_domains
from accounts.access import actor_of, organization_of, requires
from accounts.dns_proof import Proof, record_host, record_value
from accounts.forms import DomainForm
from accounts.models import EmailDomain
from accounts.roles import Permission
from accounts.throttle import hit

_CHECKS, _WINDOW = 20, timedelta(minutes=10)


def _status(domain: EmailDomain) -> str:
    if domain.missing_since is not None:
        return "missing"
    return "verified" if domain.is_verified else "pending"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_DOMAINS)
def domains(request: HttpRequest) -> HttpResponse:
    """The organization's domains with their DNS records. POST adds one."""
    organization = organization_of(request)
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            domain = email_domains.claim(organization, form.cleaned_data["name"], actor=actor_of(request))
        except email_domains.DomainRefused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(
                request,
                _("%(name)s is added. Put its TXT record into DNS, then check it.") % {"name": domain.name},
            )
            return redirect("domains")
    rows = [
        {
            "domain": domain,
            "status": _status(domain),
            "host": record_host(domain),
            "value": record_value(domain),
            "grace_ends": domain.missing_since + email_domains.GRACE if domain.missing_since else None,
        }
        for domain in organization.domains.order_by("name")
    ]
    status = 422 if form.errors else 200
    return render(request, "accounts/domains.html", {"form": form, "rows": rows}, status=status)


@require_POST
@requires(Permission.MANAGE_DOMAINS)
def check_domain(request: HttpRequest, domain_id: int) -> HttpResponse:
    """Look for the TXT record now."""
    domain = get_object_or_404(organization_of(request).domains, pk=domain_id)
    now = timezone.now()
    if not hit(f"domain-check:{domain.organization_id}", _CHECKS, _WINDOW, now):
        messages.error(request, _("Too many checks. Wait a few minutes, then try again."))
        return redirect("domains")
    try:
        proof = email_domains.check(domain, now, actor=actor_of(request))
    except email_domains.DomainRefused as refused:
        messages.error(request, str(refused))
        return redirect("domains")
    if proof is Proof.FOUND:
        messages.success(request, _("%(name)s is verified.") % {"name": domain.name})
    elif proof is Proof.MISSING:
        messages.warning(
            request,
            _("The TXT record of %(name)s is not there yet. A new record can take an hour to be seen.")
            % {"name": domain.name},
        )
    else:
        messages.warning(
            request, _("No name server answered for %(name)s. Try again later.") % {"name": domain.name}
        )
    return redirect("domains")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_DOMAINS)
def remove_domain(request: HttpRequest, domain_id: int) -> HttpResponse:
    """Show who is affected; POST removes the domain."""
    domain = get_object_or_404(organization_of(request).domains, pk=domain_id)
    if request.method == "POST":
        name = domain.name
        email_domains.remove(domain, actor=actor_of(request))
        messages.success(request, _("%(name)s is removed.") % {"name": name})
        return redirect("domains")
    affected = email_domains.affected_members(domain) if domain.is_verified else []
    return render(request, "accounts/domain_remove.html", {"domain": domain, "affected": affected})
