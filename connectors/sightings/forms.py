"""How identifiers are written: before which words and in which addresses. Facts; `plain` and `address` read them."""

DOI = r"10\.[0-9]{4,9}(?:/|%2f)"

# What follows is laid over text in lower case. Each begins with a character, not a choice, and is passed over quickly.

URLS = (  # how addresses begin; hosts are those that are often written without `https://`
    "https?://", r"www\.(?=[a-z0-9])", r"doi\.org/", r"dx\.doi\.org/", r"arxiv\.org/", r"export\.arxiv\.org/",
    r"hdl\.handle\.net/", r"pubmed\.ncbi\.nlm\.nih\.gov/", r"pmc\.ncbi\.nlm\.nih\.gov/", r"ncbi\.nlm\.nih\.gov/",
    r"europepmc\.org/", r"ssrn\.com/", r"papers\.ssrn\.com/", r"clinicaltrials\.gov/", r"ideas\.repec\.org/",
    r"ui\.adsabs\.harvard\.edu/", r"nature\.com/articles/",
)  # fmt: skip

_TO = r"\s{0,2}[:#=\uff1a]?\s{0,2}"
_ARXIV = r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?(?![0-9])"
ISBN_BLANK = r"[\s\u2010-\u2015\u2212-]"
_ISBN = rf"[0-9](?:{ISBN_BLANK}{{0,2}}[0-9x]){{9,12}}"

PREFIXED = (  # scheme, the words before, and the value: in its shape, or, where it is only looked for, up to a blank
    ("doi", rf"doi\s{{0,2}}[:=/.#\uff1a]?\s{{0,2}}(?={DOI})", ""),
    ("short-doi", r"doi\s?:\s?", r"10/[a-z0-9]{3,10}(?![0-9a-z/])"),
    ("pmid", rf"pmid{_TO}", r"[0-9]{1,9}(?![0-9])"),
    ("pmid", rf"pubmed(?:\s?id{_TO}|[:#=]\s{{0,2}})", r"[0-9]{1,9}(?![0-9])"),
    ("pmcid", rf"pmcid{_TO}", r"(?:pmc)?[0-9]{2,10}(?![0-9])"),
    ("pmcid", r"pmc\s{0,2}[:#=]\s{0,2}", r"(?:pmc)?[0-9]{2,10}(?![0-9])"),
    ("arxiv", r"arxiv\s?:\s{0,2}", _ARXIV),
    ("handle", r"hdl\s?[:/]\s{0,2}(?=[0-9][0-9a-z.]*/)", ""),
    ("handle", r"handle:\s{0,2}(?=[0-9][0-9a-z.]*/)", ""),
    ("isbn", rf"isbn(?:[-\s]?1[03])?{_TO}", _ISBN),
    ("ssrn", r"ssrn(?:\s?:|\s(?:abstract\s)?(?:id|no\.?)\s?:?)\s{0,2}", r"[0-9]{2,10}(?![0-9])"),
    ("repec", r"repec:\s{0,2}(?=[a-z0-9]{3}:[a-z0-9]{6}:)", ""),
    ("ads", r"ads\s?[:=]\s{0,2}", r"[0-9]{4}[a-z&.][a-z0-9&.:+-]{13}[a-z.:]"),
    ("ads", r"bibcode\s?[:=]\s{0,2}", r"[0-9]{4}[a-z&.][a-z0-9&.:+-]{13}[a-z.:]"),
    ("nct", r"nct\s?:\s{0,2}", r"nct[0-9]{8}(?![0-9a-z])"),
    ("pii", r"pii\s?[:=]?\s{0,2}", r"[sb][0-9x()-]{16,26}(?![0-9a-z])"),
    ("sici", r"sici\s?[:=]\s{0,2}(?=[0-9]{4}-)", ""),
    ("urn", r"urn:(?!doi:|isbn:)(?=[a-z0-9][a-z0-9-]{1,31}:)", ""),
)

_ARCHIVES = (  # of arXiv, before it numbered its papers without them
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga"
    " funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph"
    " q-alg q-bio quant-ph solv-int stat supr-con"
)
_OLD_ARXIV = r"(?:\.[a-z]{2})?/(?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])[0-9]{3}(?:v[0-9]{1,3})?(?![0-9a-z])"

PLAIN = (  # what says by its shape alone what it is
    ("doi", rf"10(?<![.$\u00a3\u20ac]10){DOI.removeprefix('10')}"),
    ("pmcid", r"pmc[0-9]{3,10}(?![0-9a-z])"),
    ("nct", r"nct[0-9]{8}(?![0-9a-z])"),
    *(("arxiv", archive + _OLD_ARXIV) for archive in _ARCHIVES.split()),
    ("pii", r"[sb][0-9]{4}-[0-9]{3}[0-9x]\([0-9]{2}\)[0-9]{5}-[0-9x](?![0-9a-z])"),
    (
        "sici",
        r"[0-9]{4}-[0-9]{3}[0-9x]\([0-9/]{0,20}\)[^\s<]{0,40}<[^\s<>]{1,80}>[0-9]\.[0-9]\.[a-z]{2};[0-9]-[0-9a-z#]",
    ),
)

DOI_ORG_PAGES = frozenset((  # its own, which are shaped like short DOIs
    "about", "archive", "calendar", "contact", "contacts", "cookies", "demos", "doi", "events", "faq", "faqs",
    "forms", "handbook", "help", "hb", "home", "index", "info", "legal", "login", "members", "news", "overview",
    "policies", "privacy", "resolver", "resources", "search", "services", "support", "terms",
))  # fmt: skip

ADDRESSES = {  # host: what stands behind it, decoded, the scheme, and the identifier; {label} is what stands before it
    "nature.com": ((r"/articles/([a-z0-9.-]{0,20}\d[a-z0-9.-]*?)(?:\.e?pdf)?(?:[/?].*)?", "doi", r"10.1038/\1"),),
    "elifesciences.org": ((r"/(?:articles|content/\d+|reviewed-preprints)/(?:e0*)?(\d{4,6})(?:v\d+)?(?:[/?.].*)?",
                           "doi", r"10.7554/elife.\1"),),
    "peerj.com": ((r"/articles/(\d+)(?:\.pdf)?(?:[/?].*)?", "doi", r"10.7717/peerj.\1"),
                  (r"/articles/(cs|pchem|achem|ichem|ochem|matsci)-(\d+)(?:\.pdf)?(?:[/?].*)?", "doi",
                   r"10.7717/peerj-\1.\2")),
    "pubs.rsc.org": ((r"/.*/([a-z]\d[a-z]{2}\d{5}[a-z0-9])(?:[/?].*)?", "doi", r"10.1039/\1"),),
    "copernicus.org": ((r"/articles/(\d+)/(\d+)/(\d{4})/.*", "doi", r"10.5194/{label}-\1-\2-\3"),),
    "zenodo.org": ((r"/records?/(\d+)(?:[/?].*)?", "doi", r"10.5281/zenodo.\1"),),
    "sandbox.zenodo.org": (),  # whose numbers are those of other records at the real one
    "figshare.com": ((r"/articles/(?:[a-z_]+/)?[^/]+/(\d{5,})/(\d+)(?:[/?].*)?", "doi", r"10.6084/m9.figshare.\1.v\2"),
                     (r"/articles/(?:[a-z_]+/)?[^/]+/(\d{5,})(?:\?.*)?", "doi", r"10.6084/m9.figshare.\1")),
    "researchsquare.com": ((r"/article/(rs-\d+)/(v\d+)(?:[/?.].*)?", "doi", r"10.21203/rs.3.\1/\2"),),
    "preprints.org": ((r"/manuscript/(\d{6}\.\d{4})/(v\d+)(?:[/?].*)?", "doi", r"10.20944/preprints\1.\2"),),
    "jstor.org": ((r"/(?:stable|pss)/(?:pdf/)?(\d+)(?:\.pdf)?(?:[/?].*)?", "doi", r"10.2307/\1"),
                  (r"/sici\?sici=(.+)", "sici", r"\1")),
    "cambridge.org": ((r"/core/(?:product/identifier|services/aop-cambridge-core/content/view)/(s\d{15,16}[\dx])"
                       r"(?:[/?].*)?", "doi", r"10.1017/\1"),),
    "sciencedirect.com": ((r"/science/article/(?:\w+/)?pii/([sb][\dx]{15,22})(?:[/?].*)?", "pii", r"\1"),),
    "linkinghub.elsevier.com": ((r"/retrieve/pii/([sb][\dx-]{15,24})(?:[/?].*)?", "pii", r"\1"),),
    "cell.com": ((r".*/(?:pii/)?(?:pii)?(s[\dx]{4}-[\dx]{4}\(\d\d\)\d{5}-[\dx])(?:[/.?].*)?", "pii", r"\1"),),
    "thelancet.com": ((r".*/pii(s[\dx]{4}-[\dx]{4}\(\d\d\)\d{5}-[\dx])(?:[/.?].*)?", "pii", r"\1"),),
    "ncbi.nlm.nih.gov": ((r"/pmc/articles/pmid/(\d+)(?:[/?].*)?", "pmid", r"\1"),
                         (r"/(?:m/)?pubmed/?\?term=(\d+)(?:\[(?:uid|pmid)\])?", "pmid", r"\1"),
                         (r"/pubmed/(\d+)(?:[/?.].*)?", "pmid", r"\1")),
    "arxiv.org": ((r"/(?:src|e-print|dvi)/([^?]+)(?:\?.*)?", "arxiv", r"\1"),),
    "ar5iv.org": ((r"/(?:abs|html)/([^?]+?)/?(?:\?.*)?", "arxiv", r"\1"),),
    "ar5iv.labs.arxiv.org": ((r"/(?:abs|html)/([^?]+?)/?(?:\?.*)?", "arxiv", r"\1"),),
    "alphaxiv.org": ((r"/(?:abs|pdf|overview)/([^?]+?)(?:\?.*)?", "arxiv", r"\1"),),
    "xxx.lanl.gov": ((r"/(?:abs|pdf)/([^?]+?)(?:\?.*)?", "arxiv", r"\1"),),
    "scirate.com": ((r"/arxiv/([^?]+?)(?:\?.*)?", "arxiv", r"\1"),),
    "huggingface.co": ((r"/papers/(\d{4}\.\d{4,5})(?:[/?].*)?", "arxiv", r"\1"),),
    "papers.ssrn.com": ((r"/.*[?&]abstract(?:_?id)?=(\d+)(?:&.*)?", "ssrn", r"\1"),),
    "ui.adsabs.harvard.edu": ((r"/link_gateway/([^/]+)/.*", "ads", r"\1"),),
}  # fmt: skip

QUERY = {  # parameters whose value is an identifier of a scheme
    "doi": "doi", "rft.doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "isbn": "isbn", "rft.isbn": "isbn",
    "hdl": "handle", "bibcode": "ads", "arxiv": "arxiv",
}  # fmt: skip

TAILS = (  # what publishers have behind a DOI in their addresses
    r"(?:/(?:full|full-?text|abstract|abs|ampdf|summary|e?pdf|pdfft|reader|figures?|tables?|references|cited-?by|citations"
    r"|metrics|meta|suppl|suppl_file|suppl(?:ementary|emental)(?:-material)?|html|xml|epub|download|asset|assets|issuetoc"
    r"|related|media|share|tab-[a-z-]+)(?:[/;].*)?|\.(?:full|abstract|e?pdf|html?|xml|short|long)(?:[./+;].*)?)+$"
)
