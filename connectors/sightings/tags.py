"""In which tags a page tells its own identifiers. Facts only; `page` reads them."""

TAGS = {  # name or property of <meta>, in lower case: the scheme; `any` where the value says which
    "citation_doi": "doi", "citation_pmid": "pmid", "citation_pmcid": "pmcid", "citation_arxiv_id": "arxiv",
    "citation_isbn": "isbn", "citation_abstract_html_url": "url", "citation_public_url": "url",
    "citation_fulltext_html_url": "url", "citation_full_html_url": "url", "citation_pdf_url": "url",
    "citation_handle_id": "handle",
    "dc.identifier": "any", "dc.identifier.doi": "doi", "dc.identifier.uri": "any", "dc.identifier.isbn": "isbn",
    "dcterms.identifier": "any", "dc.identifier.pmid": "pmid", "dc.identifier.urn": "any",
    "prism.doi": "doi", "prism.url": "url", "prism.isbn": "isbn",
    "eprints.doi": "doi", "eprints.id_number": "any", "eprints.official_url": "any", "eprints.isbn": "isbn",
    "eprints.pubmed_id": "pmid",
    "bepress_citation_doi": "doi", "bepress_citation_pmid": "pmid", "bepress_citation_isbn": "isbn",
    "bepress_citation_abstract_html_url": "url", "bepress_citation_pdf_url": "url",
    "og:url": "url", "books:isbn": "isbn", "book:isbn": "isbn",
    "doi": "doi", "pmid": "pmid", "pmcid": "pmcid", "isbn": "isbn", "arxiv": "arxiv", "handle": "handle",
}  # fmt: skip

LINKS = frozenset(("canonical", "cite-as"))  # relations of <link> that say under which address this page is known

WORKS = frozenset((  # types of schema.org that an output has
    "Article", "Book", "Chapter", "CreativeWork", "Dataset", "MedicalScholarlyArticle", "Report",
    "ScholarlyArticle", "SoftwareApplication", "SoftwareSourceCode", "TechArticle", "Thesis",
))  # fmt: skip
