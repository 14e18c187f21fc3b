"""An invented news site: a front page, articles, their mobile and AMP forms, feeds, and a robots.txt."""

from sandbox.web import Page, robots

DOI = "10.5555/sandbox.news.1"
MODIFIED = "Tue, 01 Sep 2026 08:00:00 GMT"

ARTICLES = {
    "/2026/09/tides": ("Tides turn earlier", f"The study (doi: {DOI}) was led from the University of Example."),
    "/2026/09/zürich": ("Neues aus Zürich", f"Die Arbeit ist frei zugänglich: https://doi.org/{DOI}."),
}


def news_site(origin: str) -> dict[str, Page]:
    """Its pages by path; `origin` is what their addresses begin with."""
    articles = {_ascii(path): _article(origin, path, *told) for path, told in ARTICLES.items()}
    forms = {
        "/amp/2026/09/tides": _page(f'<link rel="canonical" href="{origin}/2026/09/tides">', "Tides, quickly"),
        "/2026/09/tides?utm_source=feed": articles["/2026/09/tides"],
        "/print/tides": _page('<link rel="canonical" href="/2026/09/tides?utm_medium=print">', "Tides, on paper"),
    }
    return {
        "/": _page("", "The Example Courier"),
        "/robots.txt": robots("Disallow: /search", "Allow: /search/help", "Crawl-delay: 2"),
        "/search": _page("", "Search"),
        "/feed.xml": Page(_rss(origin), "application/rss+xml", etag='"courier-1"', modified=MODIFIED),
        "/atom.xml": Page(_atom(origin), "application/atom+xml; charset=utf-8", modified=MODIFIED, coding="gzip"),
        **articles,
        **forms,
    }


def _article(origin: str, path: str, title: str, words: str) -> Page:
    head = f'<link rel="canonical" href="{origin}{path}"><meta property="og:url" content="{origin}{path}">'
    return _page(head, title, f"<p>{words}</p>")


def _page(head: str, title: str, body: str = "") -> Page:
    html = f"<!doctype html><html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"
    return Page(html.encode())


def _rss(origin: str) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>{origin}{_ascii(path)}</link></item>"
        for path, (title, _) in ARTICLES.items()
    )
    head = f"<title>The Example Courier</title><link>{origin}/</link>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _atom(origin: str) -> bytes:
    entries = "".join(
        f'<entry><id>{origin}{_ascii(path)}</id><title>{title}</title><link href="{origin}{_ascii(path)}"/>'
        "<updated>2026-09-01T08:00:00Z</updated></entry>"
        for path, (title, _) in ARTICLES.items()
    )
    head = f"<id>{origin}/</id><title>The Example Courier</title><updated>2026-09-01T08:00:00Z</updated>"
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()


def _ascii(path: str) -> str:
    return path.replace("ü", "%C3%BC")
