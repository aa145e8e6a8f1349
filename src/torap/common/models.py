"""Base models, the user, and who may do what for which organisation."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; the table of rights stands in `common.permissions`."""

    COORDINATOR = "coordinator", _("Coordinator")
    BODY_MEMBER = "body_member", _("Member of a body")
    MANAGING_COMPANY = "managing_company", _("Managing company")
    VERIFIER = "verifier", _("Verifier")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A person who signs in, or the system itself."""

    language = models.CharField(_("language"), max_length=5, blank=True, default="")

    @property
    def display_name(self) -> str:
        """The full name, or the user name where none was given."""
        return self.get_full_name() or self.username


class Grant(models.Model):
    """A role a user holds, for one organisation or, with no organisation, for all."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    organisation_code = models.CharField(_("organisation"), max_length=80, blank=True, default="")

    class Meta:
        """One grant of a role per user and organisation."""

        constraints = [
            models.UniqueConstraint(fields=["user", "role", "organisation_code"], name="grant_once"),
        ]


class SentForm(models.Model):
    """The number of a form that was written: sent again, by whatever server it goes through, it writes
    nothing."""

    number = models.CharField(max_length=100, primary_key=True)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)


class Recorded(models.Model):
    """When we stored a record and who did it: the second of the two clocks (the first is `said on`)."""

    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False, db_index=True)
    recorded_by = models.CharField(_("recorded by"), max_length=150, editable=False, default="system")

    class Meta:
        """Shared by all records."""

        abstract = True


class Named(models.Model):
    """A name in three languages; English is always there, the others fall back to it."""

    name_en = models.CharField(_("name in English"), max_length=400)
    name_ru = models.CharField(_("name in Russian"), max_length=400, blank=True, default="")
    name_kk = models.CharField(_("name in Kazakh"), max_length=400, blank=True, default="")

    class Meta:
        """Shared by all named records."""

        abstract = True

    @property
    def name(self) -> str:
        """The name in the reader's language, or in English where it is not known."""
        return in_language(self.name_en, self.name_ru, self.name_kk)

    def __str__(self) -> str:
        return self.name


def in_language(en: str, ru: str, kk: str) -> str:
    """Return the text in the language of the running request; English where that text is empty."""
    language = (get_language() or "en")[:2]
    return {"ru": ru, "kk": kk}.get(language, en) or en


class Said(models.Model):
    """When the world could know a record, and from where: the first of the two clocks.

    Imprecise dates are intervals [said_from, said_to]; a record counts as known on day D when said_to <= D.
    """

    said_from = models.DateField(_("said on, earliest"))
    said_to = models.DateField(_("said on, latest"), db_index=True)
    said_note = models.CharField(_("note on the date"), max_length=400, blank=True, default="")
    said_by = models.CharField(_("said by"), max_length=300, blank=True, default="")

    class Meta:
        """Shared by claims, promises, reports and follow-ups."""

        abstract = True
