"""A conversation in Arabic, Hebrew and English, with numbers and addresses between the words."""

from collections.abc import Iterator

#: Who talks with Ann, and about what. The title is longer than there is room for in a list.
NAME = "سعيد حداد"
TITLE = "אופניים אדומים, כמעט חדשים, עם סל ופעמון (28 אינץ') — נמכרים יחד עם מנעול, קסדה, משאבה וסט תיקונים מלא"
ADDRESS = "https://map.example/shuk?door=7"
MIXED = "مرحبا Ann، السعر 250 EUR فقط"
LATIN = "Hello שלום, 12 to 14 is fine."
TWO = "The first line is English.\nוהשורה השנייה בעברית."
LINKED = f"{ADDRESS} הנה הכתובת"
LONG = "שלום " + "אפשר לבוא ביום ראשון בבוקר ולראות את האופניים לפני שמחליטים " * 3
#: What is said, oldest first, and by whom.
SAID = (("said", MIXED), ("ann", LATIN), ("said", TWO), ("ann", LINKED), ("ann", MIXED), ("said", LONG.strip()))


def bazaar() -> Iterator[dict[str, object]]:
    """Lines of an import: Saeed offers a bicycle, and Ann has asked about it."""
    yield {"type": "user", "externalId": "ann", "name": "Ann Archer", "roles": ["buyer"]}
    yield {"type": "user", "externalId": "said", "name": NAME, "roles": ["seller"]}
    owner = {"userExternalId": "said", "role": "seller"}
    yield {"type": "subject", "kind": "listing", "externalId": "shuk-7", "title": TITLE, "owner": owner}
    about = {"subject": {"kind": "listing", "externalId": "shuk-7"}, "contacter": "ann"}
    marks = {"readUpTo": {"ann": f"m-{len(SAID) - 1}"}}
    yield {"type": "conversation", "id": "bazaar", **about, **marks, "createdAt": "2026-03-01T08:00:00Z"}
    for number, (sender, body) in enumerate(SAID):
        moment = f"2026-03-01T08:{number:02}:00Z"
        line = {"conversation": "bazaar", "id": f"m-{number}", "sender": sender, "body": body, "createdAt": moment}
        yield {"type": "message", **line}
