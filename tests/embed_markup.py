"""Embeds as repository software emits them, rewritten; identifiers in the forms in which they arrive; bad answers."""

from embed_house import HIDDEN, NOTED


def embed(more: str, classes: str = "altmetric-embed", tag: str = "div") -> str:
    """One element."""
    return f'<{tag} class="{classes}" {more}></{tag}>'


PLAIN = embed(f'data-doi="{NOTED}"')

_DONUT = 'data-badge-type="donut"'
_SOME = 'data-hide-no-mentions="true"'

PLATFORMS = {
    "dspace": embed(
        'data-badge-popover="bottom" data-badge-type="medium-donut" data-pmid="Optional.empty" '
        f'data-doi="Optional[{NOTED}]"'
    ),
    "dspace, a handle": embed(f'id="altmetric" {_DONUT} {_SOME} data-handle="http://repo.example/handle/123456789/7"'),
    "dspace-angular": "<ds-item-page-altmetric-field>"
    + embed(
        f'_ngcontent-1 data-badge-popover="bottom" {_DONUT} {_SOME} data-doi="https://doi.org/{NOTED}"',
        "altmetric-embed ng-star-inserted",
    )
    + "</ds-item-page-altmetric-field>",
    "eprints": '<div id="altmetric_summary_page">'
    + embed(f'{_DONUT} data-badge-details="right" data-condensed="true" data-doi="doi:{NOTED}"')
    + "</div>",
    "ojs": '<div class="item altmetrics">'
    + embed(f'data-badge-popover="right" data-doi="{NOTED}" data-hide-no-mentions="false" data-link-target="_blank"')
    + "</div>",
    "janeway": "<h2>Metrics</h2>"
    + embed(f'data-badge-type="medium-donut" data-badge-details="right" {_SOME} data-doi="{NOTED}"'),
    "islandora": '<div class="islandora-badges-altmetric">'
    + embed(f'data-badge-type="4" data-badge-popover="left" data-doi=" {NOTED} "')
    + "</div>",
    "vivo": embed(f'data-badge-popover="right" {_DONUT} {_SOME} data-doi="1234567"'),
    "drupal": '<div class="field field--altmetric">'
    + embed(f'data-badge-type="1" data-doi="{NOTED.replace("/", "%2F")}"', tag="span")
    + "</div>",
    "al-folio": embed(
        f'data-badge-type="2" data-badge-popover="right" data-altmetric-id="99999" data-doi="{NOTED}"', tag="span"
    ),
    "xml": embed(
        "",
        f"altmetric-embed altmetric-doi-{NOTED} altmetric-badge-type-donut altmetric-badge-popover-left",
        tag="span",
    ),
}

NAMED = (
    f'data-doi="{NOTED}"',
    f'data-doi="DOI: {NOTED.upper()}"',
    f'data-doi="https://dx.doi.org/{NOTED}"',
    f'data-doi="Optional[https://doi.org/{NOTED}]"',
    f'data-doi="{NOTED.replace("/", "%252F")}"',
    f'data-doi="\n {NOTED}\t"',
    f'data-doi="info:doi/{NOTED}"',
    'data-doi="1234567"',
    'data-pmid="1234567"',
    'data-pmid="PMID: 1234567"',
    'data-pmcid="PMC7654321"',
    'data-arxiv-id="2101.00001"',
    'data-arxiv-id="arXiv:2101.00001v2"',
    'data-handle="123456789/7"',
    'data-handle="hdl:123456789/7"',
    'data-handle="https://hdl.handle.net/123456789/7"',
    'data-isbn="978-3-16-148410-0"',
    'data-uri="https://repo.example/item/7"',
    f'data-uri="https://doi.org/{NOTED}"',
    f'data-ringmark-id="doi:{NOTED}"',
    f'data-ringmark-id="10.5555/nowhere {HIDDEN}\n{NOTED}"',
    f'data-doi="null" data-handle="Optional.empty" data-isbn="" data-uri="{NOTED}"',
    'data-doi="10.5555/nowhere" data-pmid="7" data-handle="123456789/7"',
    f'data-altmetric-id="7" data-doi="{NOTED}"',
)
CLASSES = (f"doi-{NOTED}", "pmid-1234567", "handle-123456789/7", f"badge-type-donut altmetric-doi-{NOTED}")
METAS = (
    ("citation_doi", NOTED),
    ("bepress_citation_doi", f"https://doi.org/{NOTED}"),
    ("prism.doi", f"doi:{NOTED}"),
    ("DC.identifier", f"https://doi.org/{NOTED}"),
    ("dc.identifier", "http://hdl.handle.net/123456789/7"),
    ("DC.Identifier", f"doi:{NOTED}"),
    ("eprints.id_number", NOTED),
    ("citation_pmid", "1234567"),
    ("citation_arxiv_id", "2101.00001"),
)
UNKNOWN = (
    'data-altmetric-id="7"',
    'data-doi="10.5555/nowhere"',
    f'data-doi="{HIDDEN}"',
    'data-doi=""',
    "",
    f'data-doi="{"x" * 3000}"',
)

LOADERS = {  # {0} is the server, {1} the path of the pinned script, {2} its hash
    "async": '<script src="{0}/embed.js" async></script>',
    "defer": '<script src="{0}/embed.js" defer></script>',
    "module": '<script type="module" src="{0}/embed.js"></script>',
    "pinned": '<script src="{0}{1}" integrity="{2}" crossorigin="anonymous"></script>',
    "inserted": '<script>const made = document.createElement("script"); made.src = "{0}/embed.js"; '
    "document.head.append(made)</script>",
    "by another loader": '<script data-ringmark="{0}" type="text/plain"></script>'
    '<script>fetch("{0}/embed.js").then((reply) => reply.text()).then((text) => (0, eval)(text))</script>',
    "from another place": '<script data-ringmark="{0}/" src="data:text/javascript;base64,{3}"></script>',
    "twice": '<script src="{0}/embed.js"></script><script src="{0}/embed.js"></script>',
}

LYING = """{"lang":"en","dir":"ltr","texts":{"none":"","plain":"","sources":"","see":"","silent":""},"unknown":0,
"css":"svg{background:url(https://elsewhere.example/x)}","pictures":[["svg",{"onload":"document.title='broken'","fill":
"url(https://elsewhere.example/y)"},["script",{},"document.title='broken'"],["image",{"href":"https://elsewhere.example/z"}],
["a",{"href":"javascript:1"}],["foreignObject",{}],["text",{"style":"color:red"},"<b>"]]],"badges":[{"picture":0,"score":1,
"mentions":1,"name":"<b>","heading":"","title":"","families":[{"label":"<b>","text":"","sign":"","number":"","name":
"url(https://elsewhere.example/w)"}],"links":{"page":"javascript:document.title='broken'"}}]}"""
"""What a server that was taken over might answer to a script that a site has pinned."""
