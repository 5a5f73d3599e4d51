"""Settings → Security → Verified domains."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.messages import constants as message_levels
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import domains as email_domains
from accounts.access import actor_of, organization_of, requires
from accounts.dns_hosts import DNS_HOSTS
from accounts.dns_proof import Proof
from accounts.domain_page import Row, rows_of, what_was_found
from accounts.forms import DomainForm
from accounts.roles import Permission
from accounts.throttle import hit

_CHECKS, _WINDOW = 20, timedelta(minutes=10)
# By pages that are open and look by themselves.
_WATCHED = 100


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
    status = 422 if form.errors else 200
    page = {"form": form, "rows": rows_of(organization), "hosts": DNS_HOSTS}
    return render(request, "accounts/domains.html", page, status=status)


@require_POST
@requires(Permission.MANAGE_DOMAINS)
def check_domain(request: HttpRequest, domain_id: int) -> HttpResponse:
    """Look for the TXT record now. The page itself, while it is open, asks for the domain's part of it alone."""
    domain = get_object_or_404(organization_of(request).domains, pk=domain_id)
    now, is_watch = timezone.now(), request.POST.get("watch") == "1"
    kind, most = ("domain-watch", _WATCHED) if is_watch else ("domain-check", _CHECKS)
    if not hit(f"{kind}:{domain.organization_id}", most, _WINDOW, now):
        if is_watch:
            return HttpResponse(status=429)
        messages.error(request, _("Too many checks. Wait a few minutes, then try again."))
        return redirect("domains")
    level = message_levels.ERROR
    try:
        proof = email_domains.check(domain, now, actor=actor_of(request))
    except email_domains.DomainRefused as refused:
        said = str(refused)
    else:
        said = what_was_found(domain, proof)
        level = message_levels.SUCCESS if proof is Proof.FOUND else message_levels.WARNING
    if is_watch:
        row = Row(domain, said)
        return render(request, "accounts/parts/domain.html", {"row": row, "hosts": DNS_HOSTS})
    messages.add_message(request, level, said)
    return redirect(f"{reverse('domains')}#domain-{domain.pk}")


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
    affected = email_domains.affected_by(domain)
    return render(request, "accounts/domain_remove.html", {"domain": domain, "affected": affected})
