"""What the columns of an Altmetric Explorer export mean, in the exports of any year: data alone.

Names are compared without case and with blanks collapsed. Sources were renamed, added and dropped over the years; a
column that is in none of these tables is reported.
"""

SCORE = "altmetric attention score"  # theirs: read for calibration, never shown as ours

COUNTS = {  # the source of ours that a column counts
    "news mentions": "news",
    "blog mentions": "blog",
    "policy mentions": "policy",
    "policy document mentions": "policy",
    "clinical guideline mentions": "guideline",
    "guideline mentions": "guideline",
    "patent mentions": "patent",
    "twitter mentions": "x",
    "x mentions": "x",
    "x (twitter) mentions": "x",
    "twitter/x mentions": "x",
    "x/twitter mentions": "x",
    "x posts": "x",
    "bluesky mentions": "bluesky",
    "peer review mentions": "peer_review",
    "weibo mentions": "weibo",
    "sina weibo mentions": "weibo",
    "facebook mentions": "facebook",
    "wikipedia mentions": "wikipedia",
    "google+ mentions": "gplus",
    "linkedin mentions": "linkedin",
    "reddit mentions": "reddit",
    "pinterest mentions": "pinterest",
    "f1000 mentions": "f1000",
    "faculty opinions mentions": "f1000",
    "research highlight mentions": "f1000",
    "q&a mentions": "qna",
    "stack overflow mentions": "qna",
    "video mentions": "youtube",
    "youtube mentions": "youtube",
    "syllabi mentions": "syllabus",
    "open syllabus mentions": "syllabus",
    "podcast mentions": "podcast",
    "number of mendeley readers": "mendeley",
    "mendeley readers": "mendeley",
    "number of citeulike readers": "citeulike",
}

IDENTIFIERS = {  # the scheme of what stands in a column; several are separated by comma, semicolon or blank
    "doi": "doi",
    "pubmed id": "pmid",
    "pubmedcentral id": "pmcid",
    "pubmed central id": "pmcid",
    "arxiv id": "arxiv",
    "handle.net ids": "handle",
    "handle.net id": "handle",
    "national clinical trial id": "nct",
    "ads bibcode": "ads",
    "repec id": "repec",
    "ssrn": "ssrn",
    "urn": "urn",
    "isbn": "isbn",
    "uri": "url",
}

TEXTS = {  # what else is told of an output that is to be added
    "title": "title",
    "journal/collection title": "journal",
    "journal issns": "issns",
    "output type": "type",
    "publication date": "published",
}

IGNORED = {  # known, and not read: names of people and units come from research systems only
    "altmetric id",
    "authors at my institution",
    "departments",
    "affiliations",
    "affiliations (grid)",
    "affiliations (ror)",
    "authors",
    "badge url",
    "details page url",
    "dimensions citations",
    "number of dimensions citations",
    "number of web of science citations",
    "fields of research (all)",
    "field of research (level 2 and 4)",
    "subjects (for)",
    "subjects (scopus)",
    "sustainable development goals",
    "funder",
    "funders",
    "open access type",
    "oa status",
    "oa type",
    "publisher names",
    "publisher name",
    "collections",
}

TYPES = {  # their output types, in the words of Elements; others are kept as told
    "article": "journal-article",
    "book": "book",
    "chapter": "chapter",
    "clinical trial record": "clinical-trial",
    "conference paper": "conference",
    "data set": "dataset",
    "dataset": "dataset",
    "preprint": "preprint",
    "report": "report",
    "software": "software",
    "thesis": "thesis-dissertation",
}
