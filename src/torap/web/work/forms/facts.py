"""Uploading facts files."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from torap.intake.preview import NamedFile
from torap.web import formats
from torap.web.work.forms.base import WorkForm

_ENDINGS = (".yaml", ".yml")


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Cleans each of the files and gives a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each file by the rules of one."""
        given = (data or [None]) if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


class FactsForm(WorkForm):
    """Files of the format torap-facts/1."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = ManyFilesField(
            label=_("Facts files"),
            help_text=_("One or more .yaml files in UTF-8. They may refer to one another."),
        )
        self.fields["files"].widget.attrs.update({"accept": ",".join(_ENDINGS)})

    def clean_files(self) -> list[UploadedFile]:
        """Refuse what cannot be a facts file before it is read."""
        files: list[UploadedFile] = self.cleaned_data["files"]
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        for file in files:
            if PurePath(file.name or "").suffix.lower() not in _ENDINGS:
                raise forms.ValidationError(_("“%(name)s” is no .yaml file."), params={"name": file.name})
        if sum(file.size or 0 for file in files) > limit:
            raise forms.ValidationError(
                _("Together the files are larger than %(limit)s MB: send fewer at a time."),
                params={"limit": formats.number(limit // 2**20)},
            )
        return files

    def named(self) -> list[NamedFile]:
        """Names without folders, and contents."""
        return [(PurePath(file.name or "").name, file.read()) for file in self.cleaned_data["files"]]
