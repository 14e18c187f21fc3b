"""Invented names and words: people, journals, outlets, topics. Nobody and nothing here exists."""

from sandbox.identifiers import issn
from sandbox.model import Journal, Privacy

FIRST_NAMES = (
    "Ada Maren", "Bashir", "Chiara", "Dagny", "Émile", "Farah", "Goran", "Hüseyin", "Ioana", "Jørn Aksel",
    "Kwabena", "Lucía", "Mireille", "Nkechi", "Óscar", "Priya", "Quentin", "Rūta", "Søren", "Tomoko",
    "Ulla", "Viktoriya", "Wanjiru", "Ximena", "Yael", "Zdeněk", "慧", "Дарья", "ليلى", "Anne-Sophie",
)  # fmt: skip
LAST_NAMES = (
    "Abernook", "Bergthal", "Çelikörs", "D'Ombrel", "Exemplar", "Fjordhavn", "Grünwaldt", "Hollowmere", "Ibarrel",
    "Jankovitz", "Kestrelby", "Łąkowiak", "Marrowdale", "Nwabuora", "O'Sample", "Pemberlock", "Quillfeather",
    "Ravnsborg", "Şimşeker", "Tanagawa", "Umberfield", "van der Proef", "Whitlowe", "Xanthopol", "Yarrowgate",
    "Zephyrine", "白石原", "Примерова", "النموذجي", "Smith-Testerton",
)  # fmt: skip
TITLES = ("Dr", "Professor", "Mx", "Ms", "Mr", "")

KINDS = ("comparative study", "field experiment", "simple model", "systematic review", "ten-year survey", "new method")
SUBJECTS = (
    "tidal wetlands", "library lending", "sleep in shift workers", "urban beekeeping", "glacier retreat",
    "childhood literacy", "soil fungi", "coral bleaching", "heat pumps", "voter turnout", "antibiotic resistance",
    "museum visits", "night trains", "rainwater harvesting", "plain-language summaries", "bat navigation",
)  # fmt: skip
PLACES = ("Exampleshire", "the Sample Archipelago", "Upper Testonia", "the Demo Valley", "northern Specimenland")

GROUPS: tuple[tuple[str, str, tuple[str, ...], Privacy | None], ...] = (
    # key, name, parents, privacy; the first is the whole organisation. Three levels; the last has two parents.
    ("university", "University of Example", (), "public"),
    ("science", "Faculty of Science", ("university",), "public"),
    ("arts", "Faculty of Arts", ("university",), "internal"),
    ("medicine", "Faculty of Medicine", ("university",), None),
    ("biology", "Department of Biology", ("science",), "public"),
    ("physics", "Department of Physics & Astronomy", ("science",), "internal"),
    ("computing", "School of Computing", ("science",), None),
    ("history", "Department of History", ("arts",), "public"),
    ("languages", "Department of Languages", ("arts",), "internal"),
    ("nursing", "School of Nursing", ("medicine",), "public"),
    ("oncology", "Institute of Oncology", ("medicine",), "internal"),
    ("health-data", "Centre for Health Data", ("science", "medicine"), "public"),
)

JOURNALS = tuple(
    Journal(name=name, issn=issn(2 * n), eissn=issn(2 * n + 1), publisher=publisher)
    for n, (name, publisher) in enumerate(
        (
            ("Annals of Invented Science", "Example University Press"),
            ("Journal of Reproducible Surprises", "Example University Press"),
            ("Proceedings of the Sample Society", "Sample Society"),
            ("Acta Exemplaria", "Fictive & Sons"),
            ("Testonian Medical Letters", "Fictive & Sons"),
            ("Wetlands & Libraries", "Demo Verlag"),
            ("Zeitschrift für Beispielkunde", "Demo Verlag"),
            ("Open Specimens", "Specimen Open Access"),
        )
    )
)

OUTLETS = (
    # id, name, tier, country, reach
    ("example-times", "The Example Times", 1, "GB", 1.0),
    ("world-sample", "World Sample", 1, "US", 1.2),
    ("le-specimen", "Le Spécimen", 1, "FR", None),
    ("testonia-today", "Testonia Today", 2, "DE", 0.8),
    ("demo-herald", "The Demo Herald", 2, "IE", None),
    ("sample-broadcast", "Sample Broadcasting", 2, "NZ", 1.1),
    ("science-spectator", "Science Spectator", 2, "US", None),
    ("exampleshire-echo", "Exampleshire Echo", 3, "GB", 0.3),
    ("valley-news", "Valley News", 3, "CA", None),
    ("campus-courier", "Campus Courier", 3, "GB", 0.2),
    ("harbour-post", "Harbour Post", 3, "AU", None),
    ("press-relay", "Press Relay", 4, "US", None),
    ("wire-mirror", "Wire Mirror", 4, "", None),
    ("release-hub", "Release Hub", 4, "IN", 0.1),
    ("morning-specimen", "The Morning Specimen", 1, "CA", 0.9),
    ("giornale-esempio", "Il Giornale d'Esempio", 1, "IT", None),
    ("exempel-bladet", "Exempelbladet", 2, "SE", 0.6),
    ("sample-sentinel", "Sample Sentinel", 2, "US", None),
    ("reihon-shimbun", "例本新聞", 2, "JP", 1.0),
    ("farm-and-field", "Farm & Field Example", 3, "NZ", None),
    ("north-testonian", "The North Testonian", 3, "GB", 0.2),
    ("gazeta-probna", "Gazeta Próbna", 3, "PL", None),
    ("lab-floor", "Lab Floor", 3, "US", 0.4),
    ("second-wire", "Second Wire", 4, "US", None),
    ("copy-desk", "Copy Desk", 4, "GB", None),
    ("notice-feed", "Notice Feed", 4, "", 0.1),
    ("bulletin-bot", "Bulletin Bot", 4, "DE", None),
    ("village-letter", "The Village Letter", None, "IE", None),
    ("new-paper", "A Paper Nobody Rated", None, "BR", None),
    ("odd-paper", "A Paper Rated Oddly", 9, "", None),
)
BLOGS = (
    ("bee-lines", "Bee Lines", 2.0),
    ("retracing", "Retracing Steps", 1.5),
    ("stacks", "From the Stacks", 1.0),
    ("quiet-lab", "The Quiet Lab", 0.5),
    ("splog", "Best Best Articles", 0.0),
    ("unmeasured", "Unmeasured Musings", None),
    ("proof-pudding", "Proof & Pudding", 0.75),
    ("tidal", "Tidal Thoughts", None),
)
SHOWS = (("long-read", "The Long Read Aloud"), ("pod-sample", "Sample Size"), ("night-train", "Night Train Radio"))
POLICY_SOURCES = ("who", "example-ministry", "sample-agency", "testonia-parliament", "demo-institute")
JURISDICTIONS = ("EP", "US", "WO", "GB", "JP")
WIKIPEDIAS = ("en", "de", "fr", "cy", "ja", "ar")
SYLLABI = ("Exempla 101", "Introduction to Samples", "Advanced Testing")
