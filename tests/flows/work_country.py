"""People in every role beside the small country, and small things the tests of work share."""

import datetime as dt
import re

from django.urls import reverse

from torap.common.models import Grant, Role, User
from torap.registry.services import source_add

ROLES = (*Role.values, "nobody", "other_member")
# "member" of the body that owes things of the small country; "other_member" speaks for a body that owes none.
OWN_BODY = {
    Role.BODY_MEMBER: "ministry",
    Role.MANAGING_COMPANY: "akimat",
    Role.VERIFIER: "akimat",
    "other_member": "stranger",
}


def make_person(role):
    """A person in a role; of a body, that is the ministry (member) or the akimat (company, verifier)."""
    user = User.objects.create_user(f"p-{role}")
    if role != "nobody":
        real = Role.BODY_MEMBER if role == "other_member" else role
        Grant.objects.create(user=user, role=real, organisation_code=OWN_BODY.get(role, ""))
    return user


def address(name, *args):
    """The English address of a page."""
    return f"/en{reverse(name, args=args, urlconf='torap.web.urls')}"


def number_of(page):
    """The one-time number of the form on a page."""
    return re.search(r'name="once" value="([0-9a-f]+)"', page.content.decode()).group(1)


def yesterday():
    return (dt.date.today() - dt.timedelta(days=1)).isoformat()  # noqa: DTZ011


def source_of_today(by):
    """A source of no known date: what people say today may rest on it."""
    return source_add(by=by, code="minutes-now", publisher="Government", source_class="official", title="Now")
