"""Accounts: a new one, its password, the roles it holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from torap.common.models import Role
from torap.web.work.forms.base import CHOOSE, LANGUAGES, NOT_NAMED, WorkForm, body_choices, words_field

_BODY_NOTE = _("Needed for a member of a body, for a managing company and for a verifier.")


def _password_field() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters, not a common word, not only digits. Hand it over in person."),
    )


class RoleForm(WorkForm):
    """A role, for one body or for all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=[CHOOSE, *Role.choices])
        self.fields["organisation"] = forms.ChoiceField(
            label=_("Body"), required=False, choices=[NOT_NAMED, *body_choices()], help_text=_BODY_NOTE
        )


class UserForm(RoleForm):
    """A new account with its first role."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = {name: self.fields.pop(name) for name in ("role", "organisation")}
        self.fields["username"] = words_field(
            _("User name"), length=150, help_text=_("Letters, digits and @ . + - _ only.")
        )
        self.fields["first_name"] = words_field(_("First name"), required=False, length=150)
        self.fields["last_name"] = words_field(_("Last name"), required=False, length=150)
        self.fields["password"] = _password_field()
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), required=False, choices=[NOT_NAMED, *LANGUAGES.items()]
        )
        self.fields |= role
        self.fields["role"].required = False


class PasswordForm(WorkForm):
    """A new password for an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password_field()
