"""What hosts do to programs that read them, on purpose or not: by path, so that a test can name each."""

from sandbox.web import Page, moved

MEGABYTE = 1024 * 1024
UMLAUTS = "<p>Zürich: naïve Übersetzung"

BOMBS = {
    "/bomb/gzip": Page(b"\0" * 20 * MEGABYTE, coding="gzip"),
    "/bomb/gzip-twice": Page(b"\0" * 20 * MEGABYTE, coding="gzip twice"),
    "/bomb/deflate": Page(b"\0" * 20 * MEGABYTE, coding="deflate"),
    "/bomb/br": Page(b"\xcb\xff\xff\xff", coding="br"),
    "/bomb/plain": Page(b"x" * 2 * MEGABYTE),
    "/bomb/endless": Page(manner="endless"),
}
"""Small on the wire, or without an end, and large in memory."""

SLOW = {
    "/slow/body": Page(manner="drip"),
    "/slow/headers": Page(manner="drip headers"),
    "/slow/silent": Page(manner="silent"),
}

CUT = {
    "/cut/length": Page(b"half of this is never sent", manner="cut"),
    "/cut/chunks": Page(b"half of this is never sent", manner="midway"),
    "/cut/gzip": Page(b"half of this is never sent", manner="cut", coding="gzip"),
}

RINGS = {
    "/ring": moved("/ring"),
    "/ring/a": moved("/ring/b", 301),
    "/ring/b": moved("/ring/a", 307),
    **{f"/chain/{step}": moved(f"/chain/{step + 1}") for step in range(20)},
    "/nowhere": Page(status=302),
}

LIES = {
    "/charset/header-wins": Page(f'<meta charset="iso-8859-2">{UMLAUTS}'.encode(), "text/html; charset=utf-8"),
    "/charset/bom-wins": Page(b"\xef\xbb\xbf" + UMLAUTS.encode(), "text/html; charset=iso-8859-1"),
    "/charset/utf-16": Page(b"\xff\xfe" + UMLAUTS.encode("utf-16-le"), "text/html; charset=iso-8859-1"),
    "/charset/meta": Page(f'<meta charset="windows-1252">{UMLAUTS}'.encode("cp1252"), "text/html"),
    "/charset/http-equiv": Page(
        f'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">{UMLAUTS}'.encode("cp1252"),
        "text/html",
    ),
    "/charset/xml": Page(
        f'<?xml version="1.0" encoding="ISO-8859-1"?><p>{UMLAUTS}</p>'.encode("cp1252"), "application/xml"
    ),
    "/charset/not-utf-8": Page(UMLAUTS.encode("cp1252"), "text/html; charset=utf-8"),
    "/charset/not-latin-1": Page(UMLAUTS.encode(), "text/html; charset=iso-8859-1"),
    "/charset/silent": Page(UMLAUTS.encode("cp1252"), "text/html"),
    "/charset/no-such": Page(UMLAUTS.encode(), "text/html; charset=klingon"),
    "/charset/hex": Page(UMLAUTS.encode(), "text/html; charset=hex"),
    "/charset/utf-7": Page(b"+ADw-script+AD4-", "text/html; charset=utf-7"),
    "/charset/nul": Page(b"<p>a\0b", "text/html; charset=utf-8"),
}
"""What is declared, and what the bytes are; all but the last four mean `UMLAUTS`."""

COOKIES = {
    "/cookie": Page(status=302, headers={"Location": "/cookie", "Set-Cookie": "visitor=1"}),
    "/cookie/set": Page(b"here", headers={"Set-Cookie": "visitor=1; Path=/"}),
    "/cookie/look": Page(b"there"),
}

TRAPS = {**BOMBS, **SLOW, **CUT, **RINGS, **LIES, **COOKIES}
