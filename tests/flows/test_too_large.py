"""What is larger than a form with its largest file is refused by its length, in a page of our own."""

import io

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from torap.cli import site
from torap.cli.telling import rooms

pytestmark = pytest.mark.django_db
HUGE = 200 * 2**20


class Unread(io.BytesIO):
    """A body that nobody may read."""

    def read(self, *_size):
        raise AssertionError("the body was read")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The file is too large"), ("ru", "200"), ("kk", "200")]
)
def test_a_huge_body_is_refused_unread_in_the_readers_language(client, small_country, language, words):
    with translation.override(language):
        address = reverse("work_schedule", args=["terminal-complete"])
    assert address.startswith(f"/{language}/")
    answer = client.post(
        address,
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(HUGE),
        **{"wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    text = answer.content.decode()
    assert words in text
    assert f'lang="{language}"' in text
    assert "TORAP_UPLOAD_LIMIT_MB" in text


def test_what_is_no_length_is_let_through(client, small_country):
    assert client.get("/en/places/", CONTENT_LENGTH="many").status_code == 200
    assert client.get("/en/places/", CONTENT_LENGTH="").status_code == 200


def test_the_server_takes_more_than_the_limit_so_that_the_page_can_answer(monkeypatch):
    seen = {}
    monkeypatch.setattr(site, "_listen", lambda host, port: "socket")
    monkeypatch.setattr(rooms(), "create_server", lambda application, **own: seen.update(own))
    site._server("application", "127.0.0.1", 8000)
    assert seen["max_request_body_size"] > HUGE
    assert settings.REQUEST_LIMIT > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
