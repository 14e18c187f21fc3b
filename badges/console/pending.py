"""Between leaving for the provider and coming back: a cookie of the browser that left, and nothing of ours.

All that the way back is held to follows from the cookie's own bytes, so that none of it can be changed alone: the state
(RFC 6749, 10.12), the nonce (Core 1.0, 3.1.2.1), the verifier (RFC 7636). Nothing is stored before somebody has signed
in, so that who knocks a thousand times a second keeps nobody from the store; that it works once is noted then.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

NAME = "ringmark-in-"  # and the beginning of the state: several tabs may be under way
LASTS = 600  # seconds
LONGEST = 2_000  # characters of a path to go on to
SKEW = 5  # seconds that a clock may have been set back


@dataclass(frozen=True, slots=True)
class Pending:
    """One sign-in that was begun. `word` is the value of its cookie, `next` the path to go on to afterwards."""

    word: str
    next: str

    @property
    def state(self) -> str:
        """What comes back with the browser, through the provider."""
        return self._part("state")

    @property
    def nonce(self) -> str:
        """What comes back within the ID token."""
        return self._part("nonce")

    @property
    def verifier(self) -> str:
        """What only we tell the provider when we ask for it."""
        return self._part("verifier")

    @property
    def cookie(self) -> str:
        """The name of its cookie."""
        return cookie_of(self.state)

    def _part(self, name: str) -> str:
        digest = hmac.digest(self.word.encode(), name.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def begun(path: str, *, now: int) -> Pending:
    """A sign-in that begins; `now` in seconds."""
    path = path if len(path) <= LONGEST else "/console"
    told = base64.urlsafe_b64encode(path.encode()).decode().rstrip("=")
    return Pending(f"{now}.{secrets.token_urlsafe(32)}.{told}", path)


def returned(word: str, state: str, *, now: int) -> Pending | None:
    """The sign-in that comes back, by the cookie and the state; None where they do not belong together, or it was begun
    too long ago."""
    at, _, rest = word.partition(".")
    _, _, told = rest.partition(".")
    try:
        path = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode()
        fresh = at.isascii() and at.isdigit() and len(at) < 12 and -SKEW <= now - int(at) <= LASTS
    except ValueError:
        return None
    found = Pending(word, path)
    return found if fresh and hmac.compare_digest(found.state.encode(), state.encode()) else None


def cookie_of(state: str) -> str:
    """The name of the cookie that belongs to a state."""
    return NAME + "".join(letter for letter in state[:16] if letter.isascii() and (letter.isalnum() or letter in "-_"))
