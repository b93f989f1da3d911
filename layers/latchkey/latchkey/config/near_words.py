"""The word that somebody meant who wrote another: a service, a level, true or false."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from latchkey.iam.arn import arn_parts
from latchkey.services.registry import NAMES, titles

LONGEST = 2048
"""Characters of a value that is looked at; nothing that a field takes is longer."""

AROUND = " \t\r\n\"'`<>()[]{},;“”‘’«»\u200b\ufeff\u00a0"
"""What stands around a value that was copied with its surroundings."""

_SHORT = 2
"""Letters of a word that is near to too many others."""

_YES, _NO = {"true", "yes", "on", "1", "y"}, {"false", "no", "off", "0", "n"}


def service_meant(given: object) -> str | None:
    """The service that somebody meant, as configs name it."""
    if not isinstance(given, str) or len(given) > LONGEST:
        return None
    words = {_plain(name): name for name in NAMES}
    words |= {_plain(title): name for name, title in titles().items()}
    text = _plain(given.removesuffix("-runtime"))  # as SDKs name what only invokes
    near = get_close_matches(text, words, n=1, cutoff=0.7) if len(text) > _SHORT else ()
    return words[near[0]] if near else words.get(text)


def other_service(service: str, given: object) -> str | None:
    """The service that an ARN is of, if configs know it and it is not this one."""
    parts = arn_parts(given.strip(AROUND)) if isinstance(given, str) else None
    return parts[1] if parts and parts[1] in NAMES and parts[1] != service else None


def word_meant(given: object, allowed: Sequence[str]) -> str | None:
    """The word among those allowed that somebody meant."""
    if not isinstance(given, str) or len(given) > LONGEST:
        return None
    words = {_plain(word): word for word in allowed}
    initials = {"".join(part[0] for part in word.split("-")): word for word in allowed}
    if (text := _plain(given)) in initials and len(text) > 1:
        return initials[text]
    near = get_close_matches(text, words, n=1)
    if near:
        return words[near[0]]
    within = [word for plain, word in words.items() if len(plain) > _SHORT and plain in text]
    return within[0] if len(within) == 1 else None


def _plain(text: str) -> str:
    short = re.sub(r"[^a-z0-9]", "", text.lower())
    return re.sub(r"^(amazon|aws)", "", short) or short


def switch_meant(given: object) -> bool | None:
    """The switch that a word or a number stands for."""
    word = str(given).strip(AROUND).lower() if isinstance(given, str | int) else None
    return True if word in _YES else False if word in _NO else None
