"""Tables of MARC 21: roles, subject schemes, class numbers, identifiers, notes, languages, scripts, linking fields.

Sources: MARC 21 Format for Bibliographic Data; MARC code lists for relators, languages and subject sources; Library of Congress,
"MARC to Dublin Core Crosswalk". Codes and words are facts; the choice of fields is ours (docs/adr/0040).
"""

from __future__ import annotations

ABBREVIATIONS = frozenset(
    [
        "al",
        "assoc",
        "aufl",
        "ausg",
        "bd",
        "bde",
        "bros",
        "ca",
        "cie",
        "co",
        "corp",
        "dept",
        "dr",
        "ed",
        "eds",
        "etc",
        "ff",
        "fig",
        "figs",
        "govt",
        "hft",
        "hrsg",
        "ill",
        "impr",
        "inc",
        "inst",
        "intl",
        "jg",
        "jr",
        "jun",
        "ltd",
        "mass",
        "mr",
        "mrs",
        "ms",
        "mus",
        "no",
        "nos",
        "nr",
        "op",
        "phil",
        "pp",
        "proc",
        "prof",
        "pt",
        "pts",
        "publ",
        "repr",
        "rev",
        "sen",
        "ser",
        "soc",
        "spec",
        "sr",
        "st",
        "suppl",
        "univ",
        "verl",
        "vol",
        "vols",
        "calif",
        "conn",
        "fla",
        "ind",
        "mich",
        "minn",
        "md",
        "pa",
        "va",
        "wash",
        "wis",
        "tex",
        "tenn",
        "okla",
        "ore",
        "ariz",
        "ala",
        "ga",
    ]
)
"""Words whose full stop is their own and no end of a sentence."""

AUTHOR = "dc.contributor.author"
OTHER = "dc.contributor.other"
ADVISOR = "dc.contributor.advisor"
BODY = "dc.contributor.institution"
CORPORATE_AUTHOR = "dc.contributor.corporateauthor"

_ROLES = {
    AUTHOR: "aut author auteur autor autora verfasser verfasserin kirjoittaja författare forfatter joint_author cre creator dis dissertant praeses prs",
    "dc.contributor.editor": "edt ed ed. editor editora herausgeber herausgeberin hrsg hrsg. toimittaja redaktör éditeur_scientifique joint_ed joint_editor edc edm",
    "dc.contributor.translator": "trl tr tr. translator traducteur traductor traductora trad trad. übersetzer übersetzerin kääntäjä översättare",
    "dc.contributor.illustrator": "ill ill. illustrator illustrateur ilustrador kuvittaja",
    ADVISOR: "ths thesis_advisor advisor degree_supervisor dgs supervisor thesis_supervisor directeur_de_thèse director_de_tesis codir codir. codirector",
    "dc.contributor.committeeMember": "dgc degree_committee_member committee_member thesis_committee_member dissertation_committee_member",
    "dc.contributor.referee": "opn opponent rev reviewer referee gutachter gutachterin",
    "dc.contributor.applicant": "pta patent_applicant applicant",
    "thesis.degree.grantor": "dgg degree_granting_institution degree_grantor",
    "dc.publisher": "pbl publisher verlag kustantaja",
    "dc.description.sponsorship": "fnd funder spn sponsor",
    "dc.rights.holder": "cph copyright_holder",
    OTHER: "ctb contributor",
}
FIELD_OF_ROLE = {word.replace("_", " "): field for field, words in _ROLES.items() for word in words.split()}
"""Field of a contributor by relator code or term, in lower case."""

ROLES_IN_TITLES = frozenset({"dir", "codir", "ed", "trad", "comp", "hrsg"})
"""Words that stand for a role in $c, where titles of people belong; without their full stop."""

MAIN_ENTRY_ROLES = frozenset(
    [
        "aut",
        "cre",
        "cmp",
        "composer",
        "art",
        "artist",
        "pht",
        "photographer",
        "ctg",
        "cartographer",
        "prg",
        "programmer",
        "lbt",
        "librettist",
        "lyr",
        "lyricist",
        "ivr",
        "interviewer",
        "ive",
        "interviewee",
        "arc",
        "architect",
        "scl",
        "sculptor",
    ]
)
"""Roles of a main entry that is the creator of its work, whatever the art."""

SCHEMES_BY_INDICATOR = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "csh", "6": "rvm"}
SCHEMES = frozenset(
    {"lcsh", "mesh", "fast", "gnd", "yso", "rvm", "lcshac", "rameau", "agrovoc", "jel", "aat", "csh", "nal"}
)
"""Subject schemes that have a rule: "dc.subject." and the name."""

SUBJECTS = {
    "600": "abcdfghjklmnopqrstu",
    "610": "abcdfghklmnoprstu",
    "611": "acdefghjklnpqstu",
    "630": "adfghklmnoprst",
    "647": "acdg",
    "648": "a",
    "650": "abcdg",
    "651": "abg",
    "653": "a",
    "654": "abc",
    "656": "ak",
    "657": "a",
    "690": "abcdg",
    "691": "abg",
    "692": "a",
    "695": "a",
    "697": "a",
    "698": "a",
    "699": "a",
}
"""Subject fields, and the subfields of the heading itself; $v $x $y $z are its subdivisions."""

LONE_SUBJECTS = {"651": "dc.coverage.spatial", "648": "dc.coverage.temporal"}
"""Field of a heading of no scheme that is a place or a period and nothing else."""

CLASSES = {"050": "dc.subject.lcc", "060": "dc.subject.nlm", "080": "dc.subject.udc", "082": "dc.subject.ddc"}
CLASSES_BY_SOURCE = {
    "rvk": "dc.subject.rvk",
    "msc": "dc.subject.msc",
    "bkl": "dc.subject.bkl",
    "jelc": "dc.subject.jel",
    "udc": "dc.subject.udc",
}

IDENTIFIERS = {
    "doi": "dc.identifier.doi",
    "hdl": "dc.identifier.uri",
    "handle": "dc.identifier.uri",
    "uri": "dc.identifier.uri",
    "urn": "dc.identifier.urn",
    "ismn": "dc.identifier.ismn",
    "isbn": "dc.identifier.isbn",
    "arxiv": "dc.identifier.arxiv",
    "pmid": "dc.identifier.pmid",
    "pmcid": "dc.identifier.pmcid",
}
"""Field of 024 by its source."""
IDENTIFIERS_BY_INDICATOR = {"2": "dc.identifier.ismn", "4": "dc.identifier.sici"}

PRIVATE = frozenset({"541", "561", "583"})
"""Fields that a first indicator 0 marks as private (541, 561, 583)."""
NOT_PUBLIC = dict.fromkeys(("583", "852", "856", "876", "877", "878"), "x")
"""Subfields with notes that are not for the public."""
STAFF = frozenset({"CAT"})
"""Fields in which library systems note who has edited the record."""

DESCRIPTIONS = frozenset(
    [
        "500",
        "501",
        "504",
        "508",
        "511",
        "513",
        "515",
        "518",
        "525",
        "530",
        "533",
        "534",
        "535",
        "538",
        "545",
        "546",
        "547",
        "550",
        "552",
        "555",
        "556",
        "562",
        "565",
        "567",
        "580",
        "581",
        "585",
        "586",
        "588",
    ]
)
"""Notes that are descriptions of the item."""

LINKS = {
    "765": "dc.relation.isbasedon",
    "767": "dc.relation.hasversion",
    "770": "dc.relation.haspart",
    "772": "dc.relation",
    "774": "dc.relation.haspart",
    "775": "dc.relation.hasversion",
    "776": "dcterms.hasFormat",
    "777": "dc.relation",
    "780": "dc.relation.replaces",
    "785": "dc.relation.isreplacedby",
    "786": "dc.source",
    "787": "dc.relation",
}
"""Field of a linking entry; 765 is the original of a translation."""

OLD_LANGUAGES = {
    "cam": "khm", "esp": "epo", "eth": "gez", "far": "fao", "fri": "fry", "gae": "gla", "gag": "glg", "gal": "orm", "gua": "grn",
    "int": "ina", "iri": "gle", "kus": "kos", "lan": "oci", "lap": "smi", "max": "glv", "mla": "mlg", "mol": "rum", "sao": "smo",
    "scc": "srp", "scr": "hrv", "sho": "sna", "snh": "sin", "sso": "sot", "swz": "ssw", "tag": "tgl", "taj": "tgk", "tar": "tat",
    "tsw": "tsn",
}  # fmt: skip
"""Language codes of MARC that are discontinued, and their successors, which ISO 639-2 has."""
NO_LANGUAGES = frozenset({"", "und", "zxx", "mul", "n/a", "xxx"})

SCRIPTS = {"(3": "Arab", "(4": "Arab", "(B": "Latn", "(N": "Cyrl", "(Q": "Cyrl", "(S": "Grek", "(2": "Hebr", "$1": ""}
"""Scripts in $6; "$1" is Chinese, Japanese and Korean together."""
LANGUAGES_OF_SCRIPTS = {
    "Arab": "ara per urd ota pus kur uig snd",
    "Cyrl": "rus ukr bul srp mac bel kaz kir mon tat uzb tgk chu",
    "Grek": "gre grc",
    "Hebr": "heb yid lad jrb arc",
    "": "chi jpn kor",
}
"""Languages that are written in a script; one in another script is not that of the text."""

TYPES_BY_LEADER = {
    "c": "musical notation",
    "d": "musical notation",
    "e": "map",
    "f": "map",
    "g": "moving image",
    "i": "sound",
    "j": "sound",
    "k": "image",
    "o": "",
    "p": "collection",
    "r": "physical object",
}
TYPES_OF_SERIALS = {
    "p": "periodical",
    "n": "newspaper",
    "d": "database",
    "w": "website",
    "m": "",
    "l": "serial",
    " ": "serial",
}
TYPES_OF_FILES = {
    "a": "dataset",
    "b": "computer program",
    "c": "image",
    "d": "text",
    "e": "dataset",
    "f": "computer program",
    "g": "software",
    "h": "sound",
    "i": "interactive resource",
    "j": "interactive resource",
}
TYPES_OF_PROJECTED = {"m": "moving image", "v": "video", "f": "still image", "s": "still image", "t": "still image"}
TYPES_BY_CONTENT = {
    "txt": "text", "ntm": "musical notation", "crd": "dataset", "cri": "map", "tdi": "moving image", "tdm": "moving image",
    "snd": "sound", "spw": "sound", "prm": "sound", "sti": "still image", "cop": "computer program", "cod": "dataset", "tdf": "physical object",
    "text": "text", "notated music": "musical notation", "cartographic dataset": "dataset", "cartographic image": "map", "sounds": "sound",
    "two-dimensional moving image": "moving image", "three-dimensional moving image": "moving image", "spoken word": "sound",
    "performed music": "sound", "still image": "still image", "computer program": "computer program", "computer dataset": "dataset",
    "three-dimensional form": "physical object",
}  # fmt: skip
"""Types by the content of 336, code ($b) or term ($a), where the leader says none."""
TYPES_BY_MEDIUM = {
    "cartographic material": "map", "manuscript": "manuscript", "map": "map", "motion picture": "moving image", "music": "musical notation",
    "photograph": "still image", "picture": "still image", "serial": "serial", "slide": "still image", "sound recording": "sound",
    "video recording": "moving image", "videorecording": "moving image",
}  # fmt: skip
"""Types by the general material designation ([videorecording], 245 $h), where neither leader nor 336 says one. Source: AACR2, 1.1C."""

THESIS_GENRES = frozenset(
    """academic_theses dissertations,_academic academic_dissertations theses dissertations dissertation thesis hochschulschrift
    tesis tesis_doctoral thèses_et_écrits_académiques väitöskirjat opinnäytteet avhandlingar""".replace(
        "\n", " "
    ).split()
)
"""Genre terms of theses, with "_" for spaces."""
