"""What one element of Elements becomes: the visibility table line by line, and all that a publication may contain."""

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from config.visibility import Visibility
from connectors.elements_items import Rules, item
from connectors.elements_records import authorship, group, person
from connectors.elements_xml import NEWEST, Element, Version
from connectors.records import Aside, Authorship, Gone, Group, Item, Person

PRIVATE, INTERNAL, PUBLIC = Visibility.PRIVATE, Visibility.INTERNAL, Visibility.PUBLIC
V46, V49, V55, V613 = (4, 6), (4, 9), (5, 5), (6, 13)
TYPES = frozenset({"publication-user-authorship", "8"})


def element(text: str) -> Element:
    return etree.fromstring(re.sub(r"^<(\w+)", r'<\1 xmlns="http://www.symplectic.co.uk/publications/api"', text))


def told_person(content: str, version: Version = V613, assume: Visibility | None = None) -> Person:
    (found,) = person(element(f'<object category="user" id="11">{content}</object>'), version, "/users", assume)
    assert isinstance(found, Person)
    return found


def told_item(content: str, version: Version = V613, **rules: object) -> Item:
    text = f'<object category="publication" id="101" type="journal-article">{content}</object>'
    (found,) = item(element(text), version, "/publications", Rules(**rules))
    assert isinstance(found, Item)
    return found


def told_authorship(content: str) -> Authorship:
    ends = '<related category="publication" id="101"/><related category="user" id="11"/>'
    (found,) = authorship(element(f'<relationship id="501" type-id="8">{content}{ends}</relationship>'), "/", TYPES)
    assert isinstance(found, Authorship)
    return found


def told_group(content: str, version: Version = V613, assume: Visibility | None = None) -> Group:
    (found,) = group(element(f'<object category="group" id="2">{content}</object>'), version, "/groups", assume)
    assert isinstance(found, Group)
    return found


def level(word: str) -> str:
    return f"<privacy-level>{word}</privacy-level>"


def effective(word: str) -> str:
    return f"<effective-privacy-level>{word}</effective-privacy-level>"


def is_public(word: str) -> str:
    return f"<is-public>{word}</is-public>"


def is_visible(word: str) -> str:
    return f"<is-visible>{word}</is-visible>"


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize("version", [V46, V55, V613, NEWEST])
@pytest.mark.parametrize(
    ("word", "meant"),
    [("Public", PUBLIC), ("PUBLIC", PUBLIC), (" public ", PUBLIC), ("Internal", INTERNAL), ("private", PRIVATE)],
)
def test_a_level_of_a_person_or_output_counts_as_it_stands_in_any_case_and_format(kind, version, word, meant) -> None:
    found = kind(level(word), version)

    assert (found.visibility, found.doubts, found.raw) == (meant, (), {"privacy-level": word.strip()})


@pytest.mark.parametrize(
    ("kind", "word", "meant"),
    [
        (told_person, "true", PUBLIC),
        (told_person, "1", PUBLIC),
        (told_person, "false", INTERNAL),
        (told_person, "0", INTERNAL),
        (told_item, "true", PUBLIC),
        (told_item, "false", PRIVATE),
    ],
)
def test_without_a_level_the_old_flag_counts(kind, word: str, meant: Visibility) -> None:
    found = kind(is_public(word), V55)

    assert (found.visibility, found.doubts) == (meant, ())


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize(
    ("flag", "word", "meant"),
    [
        ("true", "Public", PUBLIC),
        ("true", "Internal", INTERNAL),
        ("true", "Private", PRIVATE),
        ("false", "Public", INTERNAL),
        ("false", "Internal", INTERNAL),
        ("false", "Private", PRIVATE),
    ],
)
def test_beside_a_level_a_false_flag_only_keeps_it_from_being_public(kind, flag, word, meant) -> None:
    assert kind(is_public(flag) + level(word), V55).visibility == meant


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize("version", [V55, V613, NEWEST])
def test_nothing_told_where_the_format_could_is_private_and_doubted_whatever_is_assumed(kind, version) -> None:
    found = kind("", version, assume=PUBLIC)

    assert (found.visibility, found.doubts) == (PRIVATE, ("nothing tells how visible it is",))


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize("version", [V46, V49])
@pytest.mark.parametrize(
    ("assume", "meant"), [(None, PRIVATE), (PRIVATE, PRIVATE), (INTERNAL, INTERNAL), (PUBLIC, PUBLIC)]
)
def test_where_the_format_has_no_word_for_it_what_is_assumed_speaks(kind, version, assume, meant) -> None:
    found = kind("", version, assume=assume)

    assert (found.visibility, found.doubts) == (meant, ())


@pytest.mark.parametrize("kind", [told_person, told_item])
@pytest.mark.parametrize(
    "content",
    [
        level("Limited"),
        level(""),
        level("Public") + level("Private"),
        level("Pub<!-- -->lic"),
        level("Public") + effective("Shared"),
        is_public("yes"),
        is_public("") + level("Public"),
        is_public("true") + level("Everybody"),
        is_public("true") + is_public("false"),
    ],
)
def test_an_unknown_word_is_private_and_doubted(kind, content: str) -> None:
    found = kind(content, V46, assume=PUBLIC)

    assert found.visibility == PRIVATE
    assert found.doubts


@pytest.mark.parametrize("own", ["Public", "Internal", "Private"])
@pytest.mark.parametrize("joint", ["Public", "Internal", "Private"])
def test_of_the_own_and_the_effective_level_of_a_relationship_the_less_open_counts(own: str, joint: str) -> None:
    order = ["Private", "Internal", "Public"]
    expected = order[min(order.index(own), order.index(joint))]

    found = told_authorship(level(own) + effective(joint))

    assert (found.visibility, found.doubts) == (Visibility[expected.upper()], ())


@pytest.mark.parametrize(
    ("content", "meant"),
    [
        (is_visible("true"), PUBLIC),
        (is_visible("false"), PRIVATE),
        (is_visible("false") + level("Public") + effective("Public"), INTERNAL),
        (is_visible("false") + level("Internal") + effective("Public"), INTERNAL),
        (is_visible("false") + level("Public") + effective("Private"), PRIVATE),
        (is_visible("true") + level("Internal") + effective("Internal"), INTERNAL),
    ],
)
def test_the_old_flag_of_a_relationship(content: str, meant: Visibility) -> None:
    found = told_authorship(content)

    assert (found.visibility, found.doubts) == (meant, ())


@pytest.mark.parametrize(
    "content",
    [
        "",
        level("Public"),
        effective("Public"),
        is_visible("true") + level("Public"),
        is_visible("perhaps"),
        level("x") + effective("Public"),
    ],
)
def test_a_relationship_that_does_not_tell_all_is_private_and_doubted(content: str) -> None:
    found = told_authorship(content)

    assert found.visibility == PRIVATE
    assert found.doubts


@pytest.mark.parametrize(
    ("content", "version", "assume", "meant"),
    [
        ("", V46, None, INTERNAL),
        ("", V55, None, INTERNAL),
        ("", V55, PUBLIC, PUBLIC),
        ("", V55, PRIVATE, PRIVATE),
        ("", V613, None, INTERNAL),
        ("", V613, PUBLIC, INTERNAL),
        (level("Public") + effective("Public"), V613, None, PUBLIC),
        (level("Public") + effective("Internal"), V613, None, INTERNAL),
        (level("Public"), V613, None, PUBLIC),
        (effective("Public"), V613, None, INTERNAL),
        (f"<group-properties>{level('Private')}</group-properties>", V613, None, PRIVATE),
        (level("Everybody"), V613, None, PRIVATE),
    ],
)
def test_groups_are_internal_where_nobody_says(content, version, assume, meant) -> None:
    assert told_group(content, version, assume).visibility == meant


def test_a_group_names_its_parents_in_every_shape() -> None:
    old = "<name>Tides</name><parents><parent id='1'/><parent id='3'/></parents><children><child id='9'/></children>"
    new = "<group-properties><name>Tides</name><parent id='1' href='x'/><parent id='3'/></group-properties>"

    assert {(told_group(told).name, told_group(told).parents) for told in (old, new)} == {("Tides", ("1", "3"))}


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["true"], PRIVATE),
        (["1"], PRIVATE),
        (["false"], PUBLIC),
        (["false", "true"], PRIVATE),
        (["maybe"], PRIVATE),
        ([""], PRIVATE),
    ],
)
def test_one_confidential_record_makes_the_item_private(words: list[str], meant: Visibility) -> None:
    records = "".join(record(f'<field name="confidential"><boolean>{word}</boolean></field>') for word in words)

    assert told_item(level("Public") + f"<records>{records}</records>").visibility == meant


def test_confidential_files_do_not_make_the_record_confidential() -> None:
    content = record('<field name="are-files-confidential"><boolean>true</boolean></field>')

    assert told_item(level("Public") + f"<records>{content}</records>").visibility == PUBLIC


def test_an_output_that_nobody_approved_is_gone() -> None:
    text = '<object category="publication" id="101"><ever-approved>false</ever-approved></object>'

    assert list(item(element(text), V613, "/", Rules())) == [Gone(kind="item", key="101")]


def test_an_unreadable_approval_is_private_and_doubted() -> None:
    found = told_item(level("Public") + "<ever-approved>perhaps</ever-approved>")

    assert (found.visibility, found.doubts) == (PRIVATE, ("ever-approved is neither true nor false",))


def test_status_flags_are_told_or_they_are_not() -> None:
    found = told_person(level("Public") + "<is-current-staff>true</is-current-staff><is-academic>0</is-academic>")

    assert (found.current, found.academic, found.student, found.visibility) == (True, False, None, PUBLIC)
    assert found.raw == {"privacy-level": "Public", "is-current-staff": "true", "is-academic": "0"}


@pytest.mark.parametrize("name", ["is-current-staff", "is-academic", "is-student"])
def test_an_unreadable_status_makes_the_person_private(name: str) -> None:
    found = told_person(level("Public") + f"<{name}>ja</{name}>")

    assert (found.visibility, found.doubts) == (PRIVATE, (f"{name} is neither true nor false",))


def test_a_leave_date_says_nothing_about_being_current() -> None:
    assert told_person(level("Public") + "<leave-date>2020-01-01</leave-date>").current is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<first-name>Ada</first-name><last-name>Quill</last-name><known-as>Addie</known-as>", "Addie Quill"),
        ("<first-name>Ada</first-name><last-name>Quill</last-name><known-as> </known-as>", "Ada Quill"),
        ("<user-preferred-first-name>Bo</user-preferred-first-name><first-name>A</first-name>", "Bo"),
        ("<last-name>de  la\n Tour</last-name>", "de la Tour"),
        ("", ""),
    ],
)
def test_people_are_named_by_known_as_or_first_name_and_last_name(content: str, name: str) -> None:
    assert told_person(content).name == name


@pytest.mark.parametrize(
    ("associations", "orcid"),
    [
        ([("orcid", "verified", "always-me", "0000-0002-1825-0097")], "0000-0002-1825-0097"),
        ([("orcid", "verified", "", "https://orcid.org/0000-0002-1825-0097")], "0000-0002-1825-0097"),
        ([("orcid", "verified", "never-me", "0000-0002-1825-0097")], None),
        ([("orcid", "pending", "", "0000-0002-1825-0097")], None),
        ([("orcid", "", "", "0000-0002-1825-0097")], None),
        ([("orcid", "verified", "always-me", "0000-0002-1825-0098")], None),
        ([("scopus-author-id", "verified", "always-me", "0000-0002-1825-0097")], None),
        ([("orcid", "", "always-me", "0000-0002-1825-0097"), ("orcid", "", "always-me", "0000-0001-5109-3700")], None),
    ],
)
def test_only_the_one_orcid_that_a_person_confirmed_is_told(associations, orcid) -> None:
    told = "".join(
        f'<user-identifier-association scheme="{scheme}" status="{status}" decision="{decision}">{value}'
        "</user-identifier-association>"
        for scheme, status, decision, value in associations
    )

    assert told_person(f"<user-identifier-associations>{told}</user-identifier-associations>").orcid == orcid


def record(fields: str, source: str = "manual", at: str = "m-1", *, preferred: bool = False) -> str:
    mark = ' is-preferred-record="true"' if preferred else ""
    return f'<record source-name="{source}" id-at-source="{at}"{mark}><native>{fields}</native></record>'


def text(name: str, value: str) -> str:
    return (
        f'<field name="{name}"><text>{value}</text><links><link type="{name}" href="x">no value</link></links></field>'
    )


def date(**parts: object) -> str:
    told = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return f'<field name="publication-date"><date>{told}</date></field>'


def told_records(*records: str, **rules: object) -> Item:
    return told_item(f"<records>{''.join(records)}</records>", **rules)


THREE = (
    record(text("title", "First") + text("doi", "10.5555/a"), "manual"),
    record(text("title", "Second") + text("doi", "10.5555/b") + text("journal", "Tides"), "scopus"),
    record(text("journal", "Waves") + date(year=2025), "pubmed"),
)


@pytest.mark.parametrize(
    ("records", "precedence", "doi", "title", "journal", "others"),
    [
        (THREE, {}, "doi:10.5555/a", "First", "Tides", ["doi:10.5555/b"]),
        (THREE, {"scopus": 1, "manual": 2}, "doi:10.5555/b", "Second", "Tides", ["doi:10.5555/a"]),
        (THREE, {"pubmed": -3, "manual": 2}, "doi:10.5555/a", "First", "Waves", ["doi:10.5555/b"]),
        (
            (*THREE[:2], record(text("doi", "10.5555/c"), "wos", preferred=True)),
            {"scopus": 1},
            "doi:10.5555/c",
            "Second",
            "Tides",
            ["doi:10.5555/b", "doi:10.5555/a"],
        ),
    ],
    ids=["appearance", "precedence", "a first record without a DOI", "preferred"],
)
def test_the_record_whose_doi_counts_tells_the_rest_and_the_others_fill_in(
    records, precedence, doi, title, journal, others
) -> None:
    found = told_records(*records, precedence=precedence)

    assert [str(one) for one in found.identifiers] == [doi]
    assert (found.title, found.journal, [str(one) for one in found.other_dois]) == (title, journal, others)


def test_dois_are_told_apart_in_their_normal_form_and_only_from_the_named_fields() -> None:
    one = record(text("doi", "https://doi.org/10.5555/TIDES.1.") + text("c-validated-doi", "10.5555/valid"))
    two = record(text("doi", "doi:10.5555/tides.1") + text("c-related-doi", "10.5555/related"))

    found = told_records(one, two, doi_fields=("doi", "c-validated-doi"))

    assert [str(told) for told in found.identifiers] == ["doi:10.5555/tides.1"]
    assert [str(told) for told in found.other_dois] == ["doi:10.5555/valid"]


@pytest.mark.parametrize("value", ["doi:123.45", "n/a", "", "10.55/x", "https://example.org/10.5555/x"])
def test_what_is_not_shaped_like_a_doi_is_none(value: str) -> None:
    found = told_records(record(text("doi", value)))

    assert (found.identifiers, found.other_dois) == ((), ())


def test_other_identifiers_come_from_their_fields_and_from_the_sources_own_ids() -> None:
    external = "".join(
        f'<identifier scheme="{scheme}">{value}</identifier>'
        for scheme, value in (("pmc", "PMC300"), ("pubmed", "400"), ("arxiv", "2401.00001v2"), ("isidoc", "x"))
    )
    content = "".join(
        [
            record(
                f'<field name="external-identifiers"><identifiers>{external}</identifiers></field>', "scopus", "2-s2.0"
            ),
            record("", "pubmed", "401"),
            record("", "arxiv", "2401.00002"),
            record("", "epmc", "MED:402"),
            record("", "epmc", "403"),
            record(text("isbn-13", "978-0-306-40615-7") + text("isbn-10", "junk") + text("issn", "1234-567x")),
        ]
    )
    pages = "<repository-item><public-url>https://hdl.handle.net/20.500/7</public-url></repository-item>"
    pages += "<repository-item><public-url>https://repository.example.edu/items/7</public-url></repository-item>"

    found = told_item(
        f'<repository-items>{pages}</repository-items><records>{content}</records><journal issn="12345679"/>'
    )

    assert [str(one) for one in found.identifiers] == [
        "pmid:400", "pmid:401", "pmid:402", "pmcid:PMC300", "arxiv:2401.00001", "arxiv:2401.00002",
        "isbn:9780306406157", "handle:20.500/7", "url:https://repository.example.edu/items/7",
    ]  # fmt: skip
    assert found.issns == ("1234-567X", "1234-5679")


def test_identifiers_of_a_record_with_another_doi_are_not_ours() -> None:
    ours, theirs = record(text("doi", "10.5555/a")), record(text("doi", "10.5555/b"), "pubmed", "401")

    assert [str(one) for one in told_records(ours, theirs).identifiers] == ["doi:10.5555/a"]


def test_records_of_the_journal_are_not_records_of_the_publication() -> None:
    journal = (
        f"<journal><records>{record(text('title', 'A journal') + text('doi', '10.5555/journal'))}</records></journal>"
    )

    found = told_item(journal)

    assert (found.title, found.identifiers) == ("", ())


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        ({"day": 3, "month": 5, "year": 2017}, "2017-05-03"),
        ({"month": 5, "year": 2017}, "2017-05"),
        ({"year": 2017}, "2017"),
        ({"day": 31, "month": 2, "year": 2017}, "2017-02"),
        ({"day": 29, "month": 2, "year": 2016}, "2016-02-29"),
        ({"day": 3, "month": 13, "year": 2017}, "2017"),
        ({"day": 0, "month": 5, "year": 2017}, "2017-05"),
        ({"day": 3, "year": 2017}, "2017"),
        ({"day": 3, "month": 5}, ""),
        ({"year": "in press"}, ""),
        ({"year": 17}, ""),
        ({}, ""),
    ],
)
def test_a_date_is_told_as_far_as_it_is_on_the_calendar(parts: dict[str, object], published: str) -> None:
    assert told_records(record(date(**parts))).published == published


def test_white_space_in_titles_is_collapsed_and_markup_inside_keeps_its_text() -> None:
    found = told_records(record(text("title", "Tides\n   and <i>Waves</i><!-- hidden --> 🌊 ∑ₙ x²")))

    assert found.title == "Tides and Waves 🌊 ∑ₙ x²"


def test_what_was_merged_into_an_object_is_gone_into_it() -> None:
    merge = '<merge><merged-object id="{}"/><merged-into-object id="{}"/></merge>'
    history = f"<merge-history>{merge.format(98, 99)}{merge.format(99, 101)}</merge-history>"
    text = f'<object category="publication" id="101">{history}</object>'

    found = list(item(element(text), V613, "/", Rules()))[1:]

    assert found == [Gone(kind="item", key="98", into="101"), Gone(kind="item", key="99", into="101")]


@pytest.mark.parametrize("content", ["", "<records/>", "<records><record/></records>", "<odd><x/></odd>", "text"])
def test_an_object_of_which_only_the_id_can_be_read_is_a_private_record(content: str) -> None:
    found = told_item(content)

    assert (found.key, found.visibility, found.title) == ("101", PRIVATE, "")
    assert found.doubts


@pytest.mark.parametrize(
    "start",
    [
        '<object category="publication"',
        '<object category="publication" id=" "',
        "<object id=''",
        '<object category="grant" id="7"',
    ],
)
def test_without_an_id_of_the_right_kind_an_entry_is_set_aside_with_its_evidence(start: str) -> None:
    (found,) = item(element(f"{start}><note>evidence</note></object>"), V613, "/publications, entry 3", Rules())

    assert isinstance(found, Aside)
    assert (found.keyless, found.place) == (True, "/publications, entry 3")
    assert "evidence" in found.evidence


def test_evidence_is_cut() -> None:
    (found,) = item(element(f"<object><note>{'x' * 9000}</note></object>"), V613, "/", Rules())

    assert isinstance(found, Aside)
    assert len(found.evidence) == 4000


def test_a_relationship_of_another_type_is_none_of_ours() -> None:
    assert list(authorship(element('<relationship id="1" type="user-grant-research" type-id="43"/>'), "/", TYPES)) == []


def test_a_relationship_without_a_type_is_private_and_doubted() -> None:
    text = '<relationship id="1"><is-visible>true</is-visible></relationship>'

    (found,) = authorship(element(text), "/", TYPES, item="101", person="11")

    assert isinstance(found, Authorship)
    assert (found.visibility, found.doubts) == (PRIVATE, ("the relationship has no type",))


def test_a_relationship_to_nothing_is_set_aside_by_its_key() -> None:
    (found,) = authorship(element('<relationship id="501" type-id="8"/>'), "/", TYPES, item="101")

    assert isinstance(found, Aside)
    assert (found.key, found.keyless) == ("501", False)


def test_the_ends_of_a_relationship_are_told_by_attributes_or_by_the_objects_inside() -> None:
    inside = '<related direction="from"><object category="publication" id="101"/></related>'
    inside += '<related direction="to"><object category="user" id="11"/></related>'
    (found,) = authorship(element(f'<relationship id="501" type-id="8">{inside}</relationship>'), "/", TYPES)

    assert isinstance(found, Authorship)
    assert (found.item, found.person) == ("101", "11")


@pytest.mark.parametrize(
    ("name", "title", "published"),
    [
        ("publication.xml", "I am the Title of a Publication", "2017"),
        ("publication-no-date.xml", None, ""),
        ("fun-publication-emoji.xml", None, None),
        ("fun-publication-math.xml", None, None),
    ],
)
def test_real_single_publications_are_read(
    shared_data: Path, name: str, title: str | None, published: str | None
) -> None:
    tree = etree.parse(shared_data / "elements" / "v5.5" / name)
    (publication,) = tree.iter("{*}object")
    expected = tree.xpath(
        "normalize-space((//*[local-name()='object']/*[local-name()='records']/*[local-name()='record']"
        "/*[local-name()='native']/*[@name='title']/*[local-name()='text'])[1])"
    )

    found = next(iter(item(publication, V55, "/", Rules())))

    assert isinstance(found, Item)
    assert found.title == (title or expected)
    assert found.title
    assert published in (None, found.published)
    assert Counter(found.doubts) == Counter()
    assert found.visibility == PUBLIC
