"""What the fields of Altmetric's details records mean: data alone.

The API has the counts of a record as fields of their own (`cited_by_msm_count`); the full record has them by source
(`counts.news`), and mentions likewise (`posts.news`).
"""

COUNTS = {  # cited_by_..._count
    "bluesky": "bluesky",
    "fbwalls": "facebook",
    "feeds": "blog",
    "gplus": "gplus",
    "guidelines": "guideline",
    "linkedin": "linkedin",
    "msm": "news",
    "patents": "patent",
    "peer_review_sites": "peer_review",
    "pinners": "pinterest",
    "podcasts": "podcast",
    "policies": "policy",
    "qna": "qna",
    "qs": "qna",
    "rdts": "reddit",
    "rh": "f1000",
    "syllabi": "syllabus",
    "tweeters": "x",
    "videos": "youtube",
    "weibo": "weibo",
    "wikipedia": "wikipedia",
}
SUMS = {"posts", "accounts", "book_reviews"}  # of several sources, or of none of ours

READERS = {"mendeley": "mendeley", "citeulike": "citeulike"}  # readers...

SOURCES = {  # counts... and posts... of the full record
    "blogs": "blog",
    "bluesky": "bluesky",
    "f1000": "f1000",
    "facebook": "facebook",
    "googleplus": "gplus",
    "gplus": "gplus",
    "guideline": "guideline",
    "linkedin": "linkedin",
    "misc": "misc",
    "news": "news",
    "patent": "patent",
    "peer_review": "peer_review",
    "peer_reviews": "peer_review",
    "pinterest": "pinterest",
    "podcast": "podcast",
    "policy": "policy",
    "q&a": "qna",
    "qna": "qna",
    "reddit": "reddit",
    "rh": "f1000",
    "syllabi": "syllabus",
    "twitter": "x",
    "video": "youtube",
    "weibo": "weibo",
    "wikipedia": "wikipedia",
}

IDENTIFIERS = {  # of the record, or of its citation
    "doi": "doi",
    "pmid": "pmid",
    "pmc": "pmcid",
    "pmcid": "pmcid",
    "arxiv_id": "arxiv",
    "handle": "handle",
    "handles": "handle",
    "nct_id": "nct",
    "ads_id": "ads",
    "repec_id": "repec",
    "ssrn": "ssrn",
    "urn": "urn",
    "isbn": "isbn",
    "isbns": "isbn",
    "uri": "url",
}
