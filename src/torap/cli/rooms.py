"""The rooms that need Django, for the commands that need tables: the one place that starts it.

Importing this module starts Django, so no command imports it at the top: `telling.rooms()` does, when it
runs. `torap --help` and the law commands stay quick, and work where Django is not installed. The imports are
ordinary ones, so the checker of layers sees them.
"""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torap.conf.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import DatabaseError, connection, connections  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402
from django.utils.translation import override  # noqa: E402
from waitress import create_server  # noqa: E402

from torap.common.known import day_asked  # noqa: E402
from torap.common.models import User  # noqa: E402
from torap.common.permissions import system_user  # noqa: E402
from torap.delivery import jobs  # noqa: E402
from torap.delivery import selectors as delivery  # noqa: E402
from torap.intake import country, invented, people, preview, search, selectors, sentences, services  # noqa: E402
from torap.ledger import proof  # noqa: E402
from torap.ledger.memo import head_hash  # noqa: E402
from torap.publish import brief, moved  # noqa: E402
from torap.registry import selectors as registry  # noqa: E402
from torap.runs import jobs as runs_jobs  # noqa: E402
from torap.runs import selectors as runs  # noqa: E402
from torap.runs import services as runs_services  # noqa: E402
from torap.runs import worker  # noqa: E402
from torap.web.scores import score as scoring  # noqa: E402
from torap.web.work import once  # noqa: E402

__all__ = [
    "DatabaseError",
    "MigrationExecutor",
    "User",
    "brief",
    "call_command",
    "connection",
    "connections",
    "country",
    "create_server",
    "day_asked",
    "delivery",
    "get_wsgi_application",
    "head_hash",
    "invented",
    "jobs",
    "localdate",
    "moved",
    "once",
    "override",
    "people",
    "preview",
    "proof",
    "registry",
    "runs",
    "runs_jobs",
    "runs_services",
    "scoring",
    "search",
    "selectors",
    "sentences",
    "services",
    "settings",
    "system_user",
    "worker",
]
