"""Two bars in the row of a table, before and after: the chart and its data in one."""

from badges.charts.scales import length


def twice(before: int, after: int, most: int) -> str:
    """Each as long as its number is of `most`, which fills the cell."""
    bars = "".join(
        f'<rect class="{name}" y="{place}" width="{length(part, most, 100):g}%" height="7"/>'
        for name, place, part in (("before", 1, before), ("after", 10, after))
    )
    return f'<svg class="rules-bars" height="18" aria-hidden="true">{bars}</svg>'
