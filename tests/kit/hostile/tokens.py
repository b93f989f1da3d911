"""Strings that mean something to somebody: to IAM, JSON, a shell, a log, a path, or the eye."""

WILDCARDS = ("*", "?", "**", "x*", "*x", "x?x")
VARIABLES = (
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${*}",
    "${?}",
    "${$}",
    "${aws:userid, 'x'}",
    "{{resolve:ssm:x}}",
)
CONTROLS = ("\x00", "\n", "\r\n", "\x1b[2J", "\x7f", "\x85", "\x9b31m", "\u2028", "\u2029")
INVISIBLE = ("\u200b", "\u202e", "\ufeff", "\u00ad", "\u2066", "\U000e0041")
HOMOGLYPHS = ("\u0430", "\uff41", "\u212a", "\u0131", "\u00e9", "e\u0301", "\uff0a", "\u0661")
BREAKOUTS = (
    '"',
    "\\",
    '"}],"Effect":"Allow"',
    '","Resource":"*',
    "\\u002a",
    '\n{"level":"ERROR"}',
    "$(id)",
    "`id`",
    "|id",
    "<script>",
    "%s%n",
    "%2e%2e%2f",
    "..\\..",
)
BAD_IN_NAMES = (*WILDCARDS, *VARIABLES, *CONTROLS, *INVISIBLE, *HOMOGLYPHS, *BREAKOUTS)
"""Each has a character that is legal in no name of anything."""

ALL = (*BAD_IN_NAMES, "../..", "//", "aws:", "latchkey:", ":root", "arn:aws:", "-AbCdEf")
