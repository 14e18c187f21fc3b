"""How identifiers are written: before which words and in which addresses. Facts; `plain` and `address` read them."""

PREFIXED = {  # scheme: the words before, and the value where it has a shape of its own (else up to the next blank)
    "pmid": (r"(?:pmid\s{0,2}[:#=]?|pubmed(?:\s?id\s{0,2}[:#=]?|[:#=]))\s{0,2}", r"[0-9]{1,9}(?![0-9])"),
    "pmcid": (r"pmcid\s{0,2}[:#=]?\s{0,2}|pmc\s{0,2}[:#=]\s{0,2}", r"(?:pmc)?[0-9]{2,10}(?![0-9])"),
    "arxiv": (
        r"arxiv\s?:\s{0,2}",
        r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,20}(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?(?![0-9])",
    ),
    "handle": (r"(?:info:)?hdl\s?[:/]\s{0,2}|handle:\s{0,2}", ""),
    "isbn": (r"(?:urn:)?isbn(?:[-\s]?1[03])?\s?[:#=]?\s{0,2}", r"[0-9](?:[\s\u2010-\u2015\u2212-]{0,2}[0-9x]){9,12}"),
    "ssrn": (r"ssrn(?:\s?:|\s(?:abstract\s)?(?:id|no\.?)\s?:?)\s{0,2}", r"[0-9]{2,10}(?![0-9])"),
    "repec": (r"repec:(?=[a-z0-9]{3}:[a-z0-9]{6}:)", ""),
    "ads": (r"(?:ads|bibcode)\s?[:=]\s{0,2}", r"[0-9]{4}[a-z&.][a-z0-9&.:+-]{13}[a-z.:]"),
    "nct": (r"nct\s?:\s{0,2}", r"nct[0-9]{8}(?![0-9a-z])"),
    "pii": (r"pii\s?[:=]?\s{0,2}", r"[sb][0-9x()-]{16,26}"),
    "sici": (r"sici\s?[:=]\s{0,2}", ""),
    "urn": (r"urn:(?=[a-z0-9][a-z0-9-]{1,31}:)", ""),
}

PLAIN = {  # what says by its shape alone what it is
    "pmcid": r"pmc[0-9]{3,10}(?![0-9a-z])",
    "nct": r"nct[0-9]{8}(?![0-9a-z])",
    "arxiv": r"(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat"
    r"|cs|dg-ga|funct-an|gr-qc|hep-(?:ex|lat|ph|th)|math(?:-ph)?|mtrl-th|nlin|nucl-(?:ex|th)|patt-sol|physics|plasm-ph"
    r"|q-alg|q-bio|quant-ph|solv-int|stat|supr-con)(?:\.[a-z]{2})?/(?:9[1-9]|0[0-7])(?:0[1-9]|1[0-2])[0-9]{3}"
    r"(?:v[0-9]{1,3})?(?![0-9a-z])",
    "pii": r"[sb][0-9]{4}-[0-9]{3}[0-9x]\([0-9]{2}\)[0-9]{5}-[0-9x](?![0-9a-z])",
    "sici": r"[0-9]{4}-[0-9]{3}[0-9x]\([0-9/]{0,20}\)[^\s<]{0,40}<[^\s<>]{1,80}>[0-9]\.[0-9]\.[a-z]{2};[0-9]-[0-9a-z#]",
}

HOSTS = (  # written without `https://` often enough to be read so; www. is always
    r"(?:dx\.)?doi\.org/|(?:export\.)?arxiv\.org/|hdl\.handle\.net/|(?:pubmed|pmc)\.ncbi\.nlm\.nih\.gov/"
    r"|ncbi\.nlm\.nih\.gov/|europepmc\.org/|(?:papers\.)?ssrn\.com/|clinicaltrials\.gov/|ideas\.repec\.org/"
    r"|ui\.adsabs\.harvard\.edu/|nature\.com/articles/"
)

DOI_ORG_PAGES = frozenset((  # its own, which are shaped like short DOIs
    "about", "archive", "calendar", "contact", "contacts", "cookies", "demos", "doi", "events", "faq", "faqs",
    "forms", "handbook", "help", "hb", "home", "index", "info", "legal", "login", "members", "news", "overview",
    "policies", "privacy", "resolver", "resources", "search", "services", "support", "terms",
))  # fmt: skip

ADDRESSES = {  # host: what stands behind it (path and query, decoded), the scheme, and the identifier made of it
    "nature.com": ((r"/articles/([a-z]{1,12}[a-z0-9.-]*\d[a-z0-9.-]*?)(?:\.e?pdf)?(?:[/?].*)?", "doi", r"10.1038/\1"),),
    "elifesciences.org": ((r"/(?:articles|content/\d+|reviewed-preprints)/(?:e0*)?(\d{4,6})(?:v\d+)?(?:[/?.].*)?",
                           "doi", r"10.7554/elife.\1"),),
    "peerj.com": ((r"/articles/(\d+)(?:\.pdf)?(?:[/?].*)?", "doi", r"10.7717/peerj.\1"),
                  (r"/articles/(cs|pchem|achem|ichem|ochem|matsci)-(\d+)(?:\.pdf)?(?:[/?].*)?", "doi",
                   r"10.7717/peerj-\1.\2")),
    "pubs.rsc.org": ((r"/.*/([a-z]\d[a-z]{2}\d{5}[a-z0-9])(?:[/?].*)?", "doi", r"10.1039/\1"),),
    "copernicus.org": ((r"/articles/(\d+)/(\d+)/(\d{4})/.*", "doi", r"10.5194/{journal}-\1-\2-\3"),),
    "zenodo.org": ((r"/records?/(\d+)(?:[/?].*)?", "doi", r"10.5281/zenodo.\1"),),
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
    r"|related|media|share|tab-[a-z-]+)(?:[/;].*)?|\.(?:full|abstract|e?pdf|html?|xml|short|long)(?:[./+;].*)?|/)+$"
)
