"""Votes that stay and their release, against the plain model of the house's meaning.

Random small worlds in which sources delete and merge much, and administrators release what stayed. Nothing may show
that the model forbids, a trial says what the release then does, and what was released does not come back by itself.
"""

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive.releases import Releasing
from naive.worlds import a_pull, a_world


@pytest.mark.timeout(900)  # seconds; it takes about half a minute where nothing else runs
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dice=st.randoms(use_true_random=False))
def test_a_released_vote_opens_what_it_alone_kept_closed(tmp_path_factory, dice):
    sources, scope, _ = a_world(dice)
    names = [source[0] for source in sources]
    folder = tmp_path_factory.mktemp("world")
    both = Releasing(folder, sources, scope)

    def pulls():
        return [a_pull(dice, name, ("whole",)) for name in names]

    def happen(*steps):
        for step in steps:
            both.do(step)

    last = pulls()
    removed = [("remove", dice.choice(names))] if dice.random() < 0.3 else []
    happen(*pulls(), ("score",), *pulls(), *last, *removed, ("score",))
    for _ in range(dice.randrange(1, 4)):
        if not both.agree():
            break
        happen(("release", dice.randrange(50)))
        both.compare(False)
        happen(("score",))
        assert both.agree()
        staying = both.listed()
        happen(*last, ("score",))
        assert both.listed() <= staying
        assert both.agree() or removed

    both.home.engine.dispose()
    shutil.rmtree(folder)
