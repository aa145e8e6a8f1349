"""What a sentence names and nobody gave never makes it fail."""

from torap.common.sentences import Values


def test_what_is_missing_reads_as_told() -> None:
    assert "%(a)s, %(b)s" % Values({"a": 1}) == "1, …"  # noqa: UP031
    assert "{a}, {b}".format_map(Values({"a": 1}, missing="?")) == "1, ?"
