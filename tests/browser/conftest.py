"""A real server on the real facts and a real Chromium, once for all browser tests."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
TORAP = str(Path(sys.executable).with_name("torap"))
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PASSWORD = "a-long-Word-for-the-tests-7"


@pytest.hookimpl(tryfirst=True)  # before the workers read the groups: one server, one browser for all
def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def _torap(env, *arguments, stdin=None):
    done = subprocess.run(
        [TORAP, *arguments],
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Address of a server that runs on a fresh database with the country's facts."""
    port = _free_port()
    env = os.environ | {
        "TORAP_HOME": str(tmp_path_factory.mktemp("site")),
        "TORAP_DATABASE_URL": "",
        "TORAP_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    _torap(env, "seed")
    _torap(env, "admin", "create", "chief", "--password-stdin", stdin=PASSWORD + "\n")
    server = subprocess.Popen(
        [TORAP, "serve"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(150):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/health", timeout=2)
                break
            time.sleep(0.2)
        else:
            pytest.fail("the server did not come up")
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=20)


@pytest.fixture(scope="session")
def browser():
    """A Chromium from the machine."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium is needed for the browser tests: apt install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(params=[375, 1440], ids=["phone", "desk"])
def width(request):
    """The two widths a journey must work at; every page is opened at one and widened to the other."""
    return request.param


@pytest.fixture
def page(browser, site, width):
    """A page that records errors and any request that leaves the machine."""
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site)
    opened = context.new_page()
    opened.problems = []
    opened.strangers = []
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("console", lambda m: opened.problems.append(m.text) if m.type == "error" else None)
    opened.on(
        "request",
        lambda r: opened.strangers.append(r.url) if not r.url.startswith((site, "data:", "blob:")) else None,
    )
    yield opened
    context.close()
