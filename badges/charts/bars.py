"""A bar that lies in the row of its table: the chart and its data in one."""

from badges.charts.scales import length


def bar(part: int, most: int) -> str:
    """As long as `part` is of `most`, which fills the cell."""
    return f'<svg aria-hidden="true"><rect width="{length(part, most, 100):g}%" height="100%"/></svg>'
