"""What the lines of a summary come to together."""

from collections.abc import Iterable, Mapping


def only_narrows(summary: Iterable[Mapping[str, str]]) -> bool:
    """Whether the lines of a result's `summary` say that access becomes less, and nothing else."""
    effects = {line["effect"] for line in summary}
    return bool(effects & {"narrows", "ends"}) and effects <= {"narrows", "ends", "none"}
