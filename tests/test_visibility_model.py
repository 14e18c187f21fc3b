"""Who takes part and who sees, against a plain model of the house's meaning, through the outside doors alone.

Random small worlds: up to three sources that tell the same works and people differently, in several pulls, with
deletions, merges, hides, closing times, connections that pause, go and are forgotten, and every scope. After every
single step nothing may show that the model forbids, and after each score everything shows that the model allows.
"""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive.both import Both
from naive.worlds import a_world


@pytest.mark.timeout(900)  # seconds; it takes about one minute where nothing else runs
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dice=st.randoms(use_true_random=False))
def test_what_shows_is_exactly_what_the_house_allows(tmp_path_factory, dice):
    sources, scope, story = a_world(dice)
    folder = tmp_path_factory.mktemp("world")
    both = Both(folder, sources, scope)

    for step in story:
        both.compare(both.do(step) is True)

    both.home.engine.dispose()
    shutil.rmtree(folder)
