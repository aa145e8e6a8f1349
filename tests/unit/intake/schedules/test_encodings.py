"""What a file is, and in which letters, from its first bytes."""

from __future__ import annotations

import pytest

from torap.intake.schedules.encodings import code_page, sniff, text_of
from torap.intake.schedules.losses import Losses, ScheduleFileError


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"a"', ("json", "utf-8", 0)),
        (b"\xef\xbb\xbf  [", ("json", "utf-8", 3)),
        ('{"a"'.encode("utf-16-le"), ("json", "utf-16-le", 0)),
        ('{"a"'.encode("utf-16-be"), ("json", "utf-16-be", 0)),
        (b"\xff\xfe" + "<?xml".encode("utf-16-le"), ("mspdi", "utf-16-le", 2)),
        (b"\xff\xfe\0\0" + "<?xml".encode("utf-32-le"), ("mspdi", "utf-32-le", 4)),
        (b"ERMHDR\t19", ("xer", "utf-8", 0)),
    ],
)
def test_a_file_is_told_by_its_beginning(data: bytes, expected: tuple[str, str, int]) -> None:
    assert sniff(data, "f") == expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n", "unknown_format"),
        (b"PK\x03\x04", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "program_file"),
        (b"\0\0\0\0", "empty"),
    ],
)
def test_what_is_no_schedule(data: bytes, code: str) -> None:
    with pytest.raises(ScheduleFileError) as caught:
        sniff(data, "f")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Земляные работы", "cp1251"),
        ("Бетон В25, опора №3", "cp1251"),
        ("ЗЕМЛЯНЫЕ РАБОТЫ", "cp1251"),
        ("«Порт» – причал", "cp1251"),
        ("Земляные работы", "koi8-r"),
        ("ЗЕМЛЯНЫЕ РАБОТЫ, Опора", "koi8-r"),
        ("Дноуглубление", "cp866"),
        ("Құрылыс алаңы", "kz1048"),
        ("Décapage à la pelle", "cp1252"),
        ("Straße, Übergabe", "cp1252"),
        ("plain", "cp1252"),
    ],
)
def test_cyrillic_is_told_from_western(text: str, page: str) -> None:
    assert code_page(text.encode(page)) == page


def test_a_zero_byte_and_a_wrong_byte_are_named() -> None:
    for data, code in ((b'{\n"\0"}', "zero_byte"), (b'{\n"\xcf"}', "wrong_encoding")):
        with pytest.raises(ScheduleFileError) as caught:
            text_of(data, kind="json", encoding="utf-8", mark=0, name="f", losses=Losses())
        assert (caught.value.code, caught.value.where) == (code, "f, line 2")
    assert caught.value.params == {"byte": 4, "value": "0xCF", "encoding": "UTF-8"}
