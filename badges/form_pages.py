"""What all pages with forms share: what is taken, what is refused, and what is said after it."""

from starlette.requests import Request

from badges.answers import NEVER, Answer, Answers, Header
from badges.forms import Form, TooMuch, form, from_here
from badges.language import Language
from badges.paper import Paper

METHODS = ("GET", "POST")
NOT_LISTED: tuple[Header, ...] = ((b"x-robots-tag", b"noindex"),)
IN_A_MINUTE: tuple[Header, ...] = ((b"retry-after", b"60"), *NOT_LISTED)


async def received(request: Request, answers: Answers, address: str) -> Form | Answer:
    """A form that was sent from a page of ours, or the refusal of what was not."""
    if not from_here(request, address):
        told = b"forms are taken from our own pages alone\n"
        return answers.make("text", told, status=403, cache=NEVER)
    try:
        return await form(request)
    except TooMuch:
        return too_much(answers)


def too_much(answers: Answers) -> Answer:
    """More was sent than any form of ours holds."""
    return answers.make("text", b"too large\n", status=413, cache=NEVER, more=((b"connection", b"close"),))


def said(
    paper: Paper,
    language: Language,
    heading: str,
    words: tuple[str, ...],
    *,
    status: int = 200,
    headers: tuple[Header, ...] = NOT_LISTED,
    watched: list[tuple[int, str]] | None = None,
) -> Answer:
    """A page of a few sentences, after a form."""
    return paper.page(
        language,
        "said.html",
        status=status,
        cache=NEVER,
        headers=headers,
        heading=heading,
        words=words,
        watched=watched or [],
    )


def later(paper: Paper, language: Language) -> Answer:
    """Nothing can be stored just now."""
    words = (
        language.say("What you sent could not be kept: something else is being stored at this moment."),
        language.say("Please go back, where all that you wrote still stands, and send it again in a minute."),
    )
    return said(paper, language, language.say("Not just now"), words, status=503, headers=IN_A_MINUTE)
