"""Text from outside is text: what of Unicode acts or hides, and that none of it is left."""

import json
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from latchkey.text import json_text, lines, one_line, shows, unseen

EVERYTHING = list(map(chr, range(sys.maxunicode + 1)))
ANY = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from("a \n\r\t\x1b\x9b\u202e\u2066\u200b\u2028\ud800\ue000\U000e0041‹"), max_size=20
)


def test_all_of_unicode_is_seen_or_has_a_code() -> None:
    acting = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
    for character in EVERYTHING:
        shown = one_line(character)
        if unicodedata.category(character) in acting and character != " ":
            assert shown in (" ", f"‹U+{ord(character):04X}›"), hex(ord(character))
        assert not any(map(unseen, shown)), hex(ord(character))
        assert shown.isprintable()


def test_what_turns_the_direction_hides_or_escapes_is_unseen() -> None:
    named = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    hidden = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u115f\u3164\uffa0\u2800\ufe0f\u180e"
    escapes = "\x00\x07\x08\x0c\x1b\x7f\x80\x84\x90\x9b\x9c\x9d"
    others = "\u2028\u2029\ud800\ue000\U000f0000\U000e0001\U000e007f\U000e0100\uffff\u0378"
    assert all(map(unseen, named + hidden + escapes + others))
    assert not any(map(unseen, "aé اب แก่ 語 ﷽ 🔒 ½ ‹›"))


@given(ANY)
def test_text_is_one_line_and_stays_what_it_is(text: str) -> None:
    shown = one_line(text)
    assert shown.isprintable()
    assert one_line(shown) == shown, "what is shown is shown as it is"
    if text.isprintable() and not any(map(unseen, text)):
        assert shown == text


@given(ANY)
def test_two_texts_that_are_shown_alike_differ_by_their_spaces_or_codes(text: str) -> None:
    assert one_line(text).count("‹") >= sum(unseen(c) and not c.isspace() for c in text)


@given(ANY)
def test_lines_are_those_of_line_feeds(text: str) -> None:
    found = lines(text)
    assert len(found) == text.count("\n") + 1
    assert all(line.isprintable() for line in found)


@given(ANY, ANY)
def test_json_is_the_same_data_and_all_of_it_is_seen(name: str, value: str) -> None:
    document = {name: [value, {value: name}]}
    for text in (json_text(document), json_text(document, indent=2)):
        assert json.loads(text) == document
        assert not any(unseen(c) for c in text if c != "\n")
        assert text.encode()


@given(ANY)
def test_what_shows_has_something_to_see(text: str) -> None:
    assert shows(text) == any(not (unseen(c) or c.isspace()) for c in text)
