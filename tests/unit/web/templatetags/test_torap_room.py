"""A page says before its parts come whether something stands beside it."""

from django.template import engines


def drawn(child):
    base = engines["django"].from_string(
        "{% load torap_room %}<div class='page-grid{% beside %}'>{% block aside %}{% endblock %}</div>"
    )
    text = "{% extends base %}{% load torap_room %}" + child
    return engines["django"].from_string(text).render({"base": base.template})


def test_only_a_page_with_something_beside_it_has_the_class():
    assert drawn("{% block aside %}<p>More</p>{% endblock %}").startswith(
        "<div class='page-grid page-grid--aside'>"
    )
    assert drawn("").startswith("<div class='page-grid'>")
