"""The first reader must not wait for what a fresh process lacks: imports, templates, what selectors keep.

Before the address is printed one page is answered inside the process; then, beside the server, the pages most
read are answered in each language, and again whenever something was recorded and it has become quiet.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable
from typing import Any

from torap.cli.telling import rooms

FIRST = "about/"
MOST_READ = ("", "forecast/", "promises/", "instructions/", "forecast/all/", "figures/")
QUIET_SECONDS = 20
log = logging.getLogger(__name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def answered(application: Application, path: str) -> str:
    """Answer one page inside this process as a reader's request would; its status."""
    told: list[str] = []
    hosts = [host for host in rooms().settings.ALLOWED_HOSTS if host.strip("*.")]
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": hosts[0].lstrip(".") if hosts else "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if rooms().settings.SECURE_SSL_REDIRECT else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answer = application(environ, lambda status, _headers, _error=None: told.append(status))
    try:
        for _part in answer:
            pass
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return told[0] if told else ""


def warm_first(application: Application) -> None:
    """Answer one page: imports and templates are there afterwards. Never in the way of serving."""
    try:
        for language, _name in rooms().settings.LANGUAGES:
            answered(application, f"/{language}/{FIRST}")
    except Exception:
        log.exception("the first page could not be answered")


def warm_all(application: Application) -> None:
    """Answer the pages most read in each language."""
    for language, _name in rooms().settings.LANGUAGES:
        for path in MOST_READ:
            answered(application, f"/{language}/{path}")


def start_warming(application: Application) -> tuple[threading.Thread, threading.Event]:
    """Keep the pages most read warm in a thread of its own, until the event is set."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep_warm, args=(application, stop), name="torap-warming", daemon=True)
    thread.start()
    return thread, stop


def _keep_warm(application: Application, stop: threading.Event) -> None:
    """Warm now, then each time the ledger has moved and stood still for a while."""
    warmed = seen = ""
    connections = rooms().connections
    while True:
        try:
            head = rooms().head_hash()
            if head and head != warmed and (head == seen or not warmed):
                warm_all(application)
                warmed = head
            seen = head
        except Exception:
            log.exception("pages could not be answered beforehand")
        finally:
            connections.close_all()  # of this thread; the server keeps its own
        if stop.wait(QUIET_SECONDS):
            return
