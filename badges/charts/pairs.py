"""Before and after as two bars in a row of their table: the chart and its data in one."""

from badges.charts.scales import length


def pair(before: int, after: int, most: int) -> str:
    """Each as long as it is of `most`, which fills the cell; that of before is the thin one."""
    was, becomes = length(before, most, 100), length(after, most, 100)
    return (
        '<svg class="scope-pair" aria-hidden="true">'
        f'<rect class="was" y="8%" width="{was:g}%" height="24%"/>'
        f'<rect class="becomes" y="42%" width="{becomes:g}%" height="50%"/></svg>'
    )
