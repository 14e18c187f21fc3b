"""What only the browser of a session can open: the store holds it, and the key is the word in their cookie."""

import hashlib

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

LONGEST = 6_000  # characters; a longer one would not fit into the address that it is needed for


def sealed(word: str, text: str) -> str:
    """A text under the word of a session; empty for one that is too long to be of use."""
    if not text or len(text) > LONGEST:
        return ""
    return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, text.encode(), _key(word))


def opened(word: str, text: str) -> str:
    """The text again; empty where it was sealed by another word, or there is none."""
    try:
        return (jwe.decrypt_compact(text, _key(word)).plaintext or b"").decode() if text else ""
    except (JoseError, ValueError):
        return ""


def _key(word: str) -> OctKey:
    """Words are 256 random bits, and stored by another hash than this."""
    return OctKey.import_key(hashlib.sha256(b"hint " + word.encode()).digest())
