"""How a notice is signed, so that a receiver knows who sent it, and when."""

import hashlib
import hmac

HEADER = "X-Ringmark-Signature"


def signed(key: bytes, at: int, body: bytes) -> str:
    """`t=`, the seconds since 1970, `,v1=`, and the HMAC-SHA256 of those seconds, a full stop and the body."""
    digest = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
