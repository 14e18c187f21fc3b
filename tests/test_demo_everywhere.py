"""One institution spread over every kind of system: what the demo says is what the rule of the least open vote says."""

from pathlib import Path

import pytest
from conftest import House

from sync import conformance, registry

ORDER = ("private", "internal", "public")


@pytest.mark.timeout(600)
def test_every_system_takes_part_and_the_least_open_counts(tmp_path: Path) -> None:
    told = House(tmp_path).json("demo", "--all", "--dir", str(tmp_path / "demo"))

    able = {kind for kind in conformance.practised() if hasattr(registry.kinds()[kind], "pull")}
    assert able <= set(told["systems"])
    assert told["contradicted"] > 10
    assert told["hidden_by_the_next_pull"] == told["closed_by_one_of_several"] == 5
    for each in told["systems"].values():
        if each["badges_written"] is not None:
            assert each["badges_written"] > each["badges_withdrawn"] > 0
    for each in told["contradictions"]:
        least = min(each["said"].values(), key=ORDER.index)
        assert (
            set(each["seen_by"])
            <= {"private": set(), "internal": {"internal"}, "public": {"public", "internal"}}[least]
        )
        if "elements" not in each["said"]:  # where people are known, an output needs one who takes part
            assert len(each["seen_by"]) == ORDER.index(least)
