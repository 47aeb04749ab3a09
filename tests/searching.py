"""What tests of searching ask, and what they look for."""

from typing import Any

from tests.client import Person

SEARCH = """
query Search($text: String!, $conversationId: ID, $first: Int, $after: String, $last: Int, $before: String) {
  searchMessages(
    query: $text, conversationId: $conversationId, first: $first, after: $after, last: $last, before: $before
  ) {
    edges { cursor node { id body conversation { id } } highlights { start length } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
#: Said in one thread, in this order.
SAID = (
    "Is the red bicycle still there?",
    "Bicycles, red and blue. A RED BICYCLE too!",
    "The bicycle is red",
    "I would pay 12,500 for it, e-mail me at ann@example.com",
    "Crème brûlée à la carte, s'il vous plaît",
    "creme brulee without accents",
    "Die Straße ist groß",
    "STRASSE",
    "Ich möchte Ørsted und Łódź sehen",
    "北京大学在海淀区",
    "我在北京。大学很远",
    "東京タワーに行きたいです",
    "ﾀﾜｰ ｶﾒﾗ",
    "คุณไปเที่ยวที่ไหนมา",
    "เทียว",
    "학교에서 한국어를 배워요",
    "Привет, ёлка ещё стоит?",
    "السَّلامُ عليكم ١٢٣",
    "שָׁלוֹם לכולם",
    "मुझे हिन्दी पसंद है",
    "That is 👍🏽 👨‍👩‍👧 fine",
    "e\u0301te\u0301 is decomposed, été is not",
    "ΣΊΣΥΦΟΣ rolls a stone",
    "İSTANBUL and Iğdır",
    "don't use NEAR( or AND, they say",
    "a*b \"quoted\" 'single' back\\slash ~tilde_under 100% :colon",
    "Tiếng Việt: Đà Nẵng",
    "bicyclebicycle",
    "???",
    "ＦＵＬＬ ｗｉｄｔｈ ﬁne",
)
#: What is looked for, and what is found: numbers of SAID, the best first, with the parts that are highlighted.
FOUND: tuple[tuple[str, tuple[tuple[int, tuple[str, ...]], ...]], ...] = (
    ("bicycle", ((2, ("bicycle",)), (1, ("Bicycles", "BICYCLE")), (0, ("bicycle",)), (27, ("bicyclebicycle",)))),
    ("BICY", ((27, ("bicyclebicycle",)), (2, ("bicycle",)), (1, ("Bicycles", "BICYCLE")), (0, ("bicycle",)))),
    ("bicy*", ((27, ("bicyclebicycle",)), (2, ("bicycle",)), (1, ("Bicycles", "BICYCLE")), (0, ("bicycle",)))),
    ("icycle", ()),
    (
        "red bicycle",
        ((1, ("Bicycles", "red", "RED", "BICYCLE")), (0, ("red", "bicycle")), (2, ("bicycle", "red"))),
    ),
    ('"red bicycle"', ((1, ("RED BICYCLE",)), (0, ("red bicycle",)))),
    ("\u201cred bicycle\u201d", ((1, ("RED BICYCLE",)), (0, ("red bicycle",)))),
    ('"red bicy"', ()),
    ('"red bicy"*', ((1, ("RED BICYCLE",)), (0, ("red bicycle",)))),
    ('"red bicy*"', ((1, ("RED BICYCLE",)), (0, ("red bicycle",)))),
    ('"bicycle"', ((2, ("bicycle",)), (1, ("BICYCLE",)), (0, ("bicycle",)))),
    ('still "red bicycle', ((0, ("red", "bicycle", "still")),)),
    ("bicycle-red", ()),
    ("bicycles,red", ((1, ("Bicycles, red",)),)),
    ("12,500", ((3, ("12,500",)),)),
    ("12500", ()),
    ("E-Mail", ((3, ("e-mail",)),)),
    ("ann@example", ((3, ("ann@example",)),)),
    ("creme brulee", ((5, ("creme", "brulee")), (4, ("Crème", "brûlée")))),
    ("CRÈME", ((5, ("creme",)), (4, ("Crème",)))),
    ("il plait", ((4, ("il", "plaît")),)),
    ("strasse", ((7, ("STRASSE",)), (6, ("Straße",)))),
    ("groß", ((6, ("groß",)),)),
    ("orsted lodz", ((8, ("Ørsted", "Łódź")),)),
    ("北京大学", ((10, ("北京。大学",)), (9, ("北京大学",)))),
    ("京", ((11, ("京",)), (10, ("京",)), (9, ("京",)))),
    ("京北", ()),
    ("大学 北京", ((10, ("北京", "大学")), (9, ("北京大学",)))),
    ("タワー", ((12, ("ﾀﾜｰ",)), (11, ("タワー",)))),
    ("行きたい", ((11, ("行きたい",)),)),
    ("เที่ยว", ((13, ("เที่ยว",)),)),
    ("ที่ไหน", ((13, ("ที่ไหน",)),)),
    ("เทียว", ((14, ("เทียว",)),)),
    ("학교", ((15, ("학교에서",)),)),
    ("국어", ()),
    ("елка еще", ((16, ("ёлка", "ещё")),)),
    ("السلام", ((17, ("السَّلامُ",)),)),
    ("123", ((17, ("١٢٣",)),)),
    ("שלום", ((18, ("שָׁלוֹם",)),)),
    ("हिन्दी", ((19, ("हिन्दी",)),)),
    ("👍", ((20, ("👍",)),)),
    ("👨‍👩‍👧", ((20, ("👨‍👩‍👧",)),)),
    ("été", ((21, ("e\u0301te\u0301", "été")),)),
    ("ete\u0301", ((21, ("e\u0301te\u0301", "été")),)),
    ("σίσυφος", ((22, ("ΣΊΣΥΦΟΣ",)),)),
    ("istanbul ığdır", ((23, ("İSTANBUL", "Iğdır")),)),
    ("don't", ((24, ("don't",)),)),
    ("NEAR(", ((24, ("NEAR",)),)),
    ("use AND NEAR", ((24, ("use", "NEAR", "AND")),)),
    ("b quoted", ((25, ("b", "quoted", "back")),)),
    ("tilde_under", ((25, ("tilde_under",)),)),
    ("da nang", ((26, ("Đà", "Nẵng")),)),
    ("full width fine", ((29, ("ＦＵＬＬ", "ｗｉｄｔｈ", "ﬁne")),)),
    ("fine", ((29, ("ﬁne",)), (20, ("fine",)))),
)
#: Texts in which there is no word, and texts that mean something to a database.
STRANGE = (
    *("", " ", '"', '""', "*", "**", '"*', "NEAR(", "NEAR(a b, 1", "AND", "OR NOT", "a AND", "-a", "^a", "words:a"),
    *("{words}: a", "(", ")", "a)", "'", "''", "\\", "\\'", ":*", "a:*", "a:A", "&", "|", "!a", "a <-> b", "~", "~~a"),
    *("%", "_", ";", "--", "a\0b", "\0", "\ud800", "a\udfffb", "…", "\u200b", "\u0301", "\ufe0f", "😀" * 3000, "🏳️‍🌈"),
    *("a" * 10_000, '"' * 10_000, "a " * 5_000, "北" * 10_000, "a* " * 3_333, '"a" ' * 2_500, "\u0e33" * 10_000),
)


def parts_of(body: str, highlights: list[dict[str, int]]) -> tuple[str, ...]:
    """What is highlighted."""
    return tuple(body[span["start"] : span["start"] + span["length"]] for span in highlights)


async def find(person: Person, query: str, **more: Any) -> list[tuple[str, tuple[str, ...]]]:
    """What somebody finds, the best first, with what is highlighted."""
    page = await person.ask(SEARCH, text=query, **{"first": 100, **more})
    return [(edge["node"]["body"], parts_of(edge["node"]["body"], edge["highlights"])) for edge in page["edges"]]


async def bodies(person: Person, query: str, **more: Any) -> list[str]:
    """The texts of what somebody finds."""
    return [body for body, _ in await find(person, query, **more)]
