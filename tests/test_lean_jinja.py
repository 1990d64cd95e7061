"""What Jinja's code leaves out here must leave out no escaping."""

from types import SimpleNamespace

import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from jinja2 import DictLoader, TemplateAssertionError
from markupsafe import Markup

from timeline.lean_jinja import Environment


def rendered(source: str, **values: object) -> str:
    return Environment(loader=DictLoader({"part": source})).get_template("part").render(values)


def test_every_value_is_escaped_once() -> None:
    assert rendered("{{ words }}", words="<b>\"'&") == "&lt;b&gt;&#34;&#39;&amp;"


def test_what_an_attribute_or_a_call_gives_is_escaped_too() -> None:
    assert rendered("{{ words.strip() }}|{{ day.name }}", words=" <i> ", day=SimpleNamespace(name="<u>")) == (
        "&lt;i&gt;|&lt;u&gt;"
    )


@pytest.mark.parametrize("safe", [mark_safe("<b>"), Markup("<b>")])
def test_what_is_marked_safe_stays_as_it_is(safe: str) -> None:
    assert rendered("{{ words }}", words=safe) == "<b>"


def test_numbers_are_written_as_they_are() -> None:
    assert rendered("{{ count }} {{ share }} {{ isnt }}", count=3, share=0.5, isnt=False) == "3 0.5 False"


def test_lazy_texts_are_escaped_like_others() -> None:
    assert rendered("{{ words }}", words=gettext_lazy("<b>")) == "&lt;b&gt;"


def test_an_object_is_escaped_as_its_text() -> None:
    class Title:
        def __str__(self) -> str:
            return "<b>"

    assert rendered("{{ title }}", title=Title()) == "&lt;b&gt;"


def test_a_call_with_named_arguments_is_refused_when_the_template_is_compiled() -> None:
    with pytest.raises(TemplateAssertionError, match="plain arguments"):
        rendered("{{ words.split(maxsplit=1) }}", words="a b")


def test_what_a_template_includes_has_its_names_and_keeps_its_own() -> None:
    parts = {
        "page": "{% set word = 'page' %}{% for n in numbers %}{% include 'row' %}{% endfor %}{{ word }}",
        "row": "{% set word = n %}{{ word }}{% include 'end' %}",
        "end": "{{ mark }}{% if other is defined %}{{ other }}{% endif %}",
    }
    page = Environment(loader=DictLoader(parts)).get_template("page")
    assert page.render(numbers=[1, 2], mark="<") == "1&lt;2&lt;page"
    assert page.render(numbers=[1], mark=";", other="!") == "1;!page"


def test_braces_quotes_and_backslashes_of_a_template_stand_as_they_are() -> None:
    assert rendered("{'\"}}\\n{{ n }}\\{", n=1) == "{'\"}}\\n1\\{"
