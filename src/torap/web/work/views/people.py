"""Accounts and the roles they hold: the administrator's pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from torap.common.errors import NotFound
from torap.common.models import Role
from torap.intake import people
from torap.registry.selectors import subject_map
from torap.web.work.access import WorkRequest, holding
from torap.web.work.forms.base import WorkForm
from torap.web.work.forms.people import PasswordForm, RoleForm, UserForm
from torap.web.work.pages import Page, filled, form_page

RIGHT = "user.manage"


@holding(RIGHT)
def listing(request: WorkRequest) -> HttpResponse:
    """All accounts."""
    return render(request, "torap/work/users.html", {"rows": person_rows(people.user_list())})


def person_rows(rows: list[people.Person]) -> list[dict[str, Any]]:
    """Accounts with the names of their roles and bodies."""
    names = subject_map({body for row in rows for _role, body in row.roles if body})
    labels = dict(Role.choices)
    return [
        {
            "person": row,
            "roles": [
                {
                    "role": role,
                    "label": labels.get(role, role),
                    "body": body,
                    "body_name": names[body].name if body in names else body,
                }
                for role, body in row.roles
            ],
        }
        for row in rows
    ]


@holding(RIGHT)
def new(request: WorkRequest) -> HttpResponse:
    """Make an account."""
    form = filled(request, UserForm)
    page = _page(
        _("New account"), _("Make the account"), _("The account was made."), back=reverse("user_list")
    )

    def write() -> Any:
        data = form.cleaned_data
        names = ("username", "password", "first_name", "last_name", "language")
        roles = [(data["role"], data["organisation"])] if data["role"] else []
        return people.user_create(by=request.user, roles=roles, **{name: data[name] for name in names})

    return form_page(request, form, page, write)


@holding(RIGHT)
def user(request: WorkRequest, username: str) -> HttpResponse:
    """One account: its roles, and giving it one more."""
    row = _row(username)
    form = filled(request, RoleForm)
    page = _page(_("Give a role"), _("Give the role"), _("The role was given."), username=username)
    give = form_page(
        request,
        form,
        page,
        lambda: people.grant_give(
            by=request.user,
            username=username,
            role=form.cleaned_data["role"],
            organisation=form.cleaned_data["organisation"],
        ),
        template="torap/work/form.html",
    )
    if request.method == "POST":
        return give
    context = {"row": row, "form": form, "page": page, "is_me": username == request.user.username}
    return render(request, "torap/work/user.html", context)


@holding(RIGHT)
def take(request: WorkRequest, username: str) -> HttpResponse:
    """Take a role away."""
    row = _row(username)
    role, body = request.GET.get("role", ""), request.GET.get("body", "")
    held = next((one for one in row["roles"] if (one["role"], one["body"]) == (role, body)), None)
    if held is None:
        raise NotFound("not_found", field="role", entity="grant", value=role)
    page = _page(
        _("Take the role away"),
        _("Take it away"),
        _("The role was taken away."),
        username=username,
        danger=True,
        facts=[(_("Role"), held["label"]), (_("Body"), held["body_name"])],
    )
    return form_page(
        request,
        filled(request, WorkForm),
        page,
        lambda: people.grant_take(by=request.user, username=username, role=role, organisation=body),
    )


@holding(RIGHT)
def password(request: WorkRequest, username: str) -> HttpResponse:
    """Give an account a new password."""
    _row(username)
    form = filled(request, PasswordForm)
    page = _page(_("New password"), _("Set the password"), _("The password was set."), username=username)
    return form_page(
        request,
        form,
        page,
        lambda: people.user_password_set(
            by=request.user, username=username, password=form.cleaned_data["password"]
        ),
    )


@holding(RIGHT)
def active(request: WorkRequest, username: str) -> HttpResponse:
    """Close an account, or open it again."""
    row = _row(username)
    opened = not row["person"].active
    page = _page(
        _("Open the account again") if opened else _("Close the account"),
        _("Open it") if opened else _("Close it"),
        _("The account can sign in again.") if opened else _("The account can sign in no longer."),
        username=username,
        danger=not opened,
        lead=_("What this person recorded stays as it is."),
    )
    return form_page(
        request,
        filled(request, WorkForm),
        page,
        lambda: people.user_active_set(by=request.user, username=username, active=opened),
    )


def _row(username: str) -> dict[str, Any]:
    found = [row for row in people.user_list() if row.username == username]
    if not found:
        raise NotFound("not_found", field="username", entity="user", value=username)
    return person_rows(found)[0]


def _page(title: str, button: str, done: str, *, username: str = "", back: str = "", **more: Any) -> Page:
    crumbs = [(_("Accounts"), reverse("user_list"))]
    if username:
        back = reverse("user", args=[username])
        crumbs.append((username, back))
    return Page(title=title, about=username, back=back, button=button, done=done, crumbs=crumbs, **more)
