"""The search of a practice Pure: texts are cut into runs of letters and of digits, in lower case, as search engines do.

So `10.5555/a-1` also finds `10.5555/A.1.v2`: who looks for an identifier must look at what was found.
"""

import re

from sandbox.pure.model import Output

RUNS = re.compile(r"[^\W\d_]+|[0-9]+")


def finds(words: str, output: Output) -> bool:
    """Whether an output has the words in a row in its title or one of its DOIs."""
    texts = [output.title, *(doi.value for doi in output.dois)]
    return any(_analysed(words) in _analysed(text) for text in texts)


def _analysed(text: str) -> str:
    return f" {' '.join(RUNS.findall(text.lower()))} "
