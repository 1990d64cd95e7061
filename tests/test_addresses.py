"""Addresses that are filled in by the hundred are the ones that the filter itself writes."""

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from timeline import addresses
from timeline.filters import EventFilter

pytestmark = pytest.mark.django_db

PARTS = st.sampled_from(
    [
        "country=PRK",
        "country=RUS",
        "country=KOR",
        "category=peace",
        "category=treaty",
        "match=all",
        "predecessors=yes",
        "importance=3",
        "from=1950-06",
        "to=1953",
        "q=%D0%BC%D0%B8%D1%80+%2501%26x",
        "lanes=country",
        "lane=KOR",
        "order=newest",
        "after=1953-07-27.4",
        "actor=kim-jong-un",
    ]
)
queries = st.lists(PARTS, max_size=8, unique=True).map("&".join)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries)
def test_filled_in_addresses_are_those_of_the_filter(cast: Cast, query: str) -> None:
    asked = EventFilter.parse(QueryDict(query))
    assert addresses.opening(asked)("an-event") == asked.opened("an-event").address()
    expected = asked.changed(start="195X", end="1953-07-27", event=asked.event).address()
    assert addresses.within(asked)("195X", "1953-07-27") == expected
    codes = ["PRK", "CHN", "USA", "SUN"]
    for name, values in (("countries", codes), ("categories", ["peace", "conflict"]), ("actors", ["sergei-shoigu"])):
        expected_all = {value: asked.toggled(name, value).address() for value in values}
        assert addresses.toggling(asked, name, values) == expected_all
    focus = addresses.focusing(asked)
    assert [focus(code) for code in codes] == [asked.focused_on(code).address() for code in codes]
