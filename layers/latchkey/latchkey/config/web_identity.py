"""Web identities: principals that prove who they are by a token of an identity provider (OIDC)."""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StrictStr,
    Tag,
    WithJsonSchema,
)

from latchkey.config.trust_fields import TrustedPrincipal
from latchkey.frozen import Frozen
from latchkey.iam.principal import Principal
from latchkey.iam.web_identity import identity_text, is_pattern, literal_start

MOST_SUBJECTS = 20
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
PROVIDER = rf"({_LABEL}\.)+[a-z]{{2,63}}(/[A-Za-z0-9_.~-]+)*/?"
_TEXT = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
_LONGEST = 255
"""Characters of a provider's URL, an audience and a subject (IAM API reference,
CreateOpenIDConnectProvider; OpenID Connect Core 1.0, section 2, "sub")."""


def parse_provider(text: str) -> str:
    """A provider as configs and guardrails name it.

    Raises
    ------
    ValueError
        With a sentence for the author, when it is none.
    """
    if "://" in text:
        raise ValueError("write the provider without https://, as its ARN in IAM ends")
    if len(text) > _LONGEST or not re.fullmatch(PROVIDER, text, re.ASCII):
        raise ValueError(
            "not a provider; write its host in lower case, and its path if it has one, like "
            "token.actions.githubusercontent.com"
        )
    return text


def _plain(text: object, what: str) -> str:
    """A text that stands for itself in a condition.

    `${…}` is replaced before IAM compares (IAM user guide, "IAM policy elements: Variables and
    tags").
    """
    if not isinstance(text, str):
        raise ValueError(f"{what} is a text in double quotes")
    if not text or len(text) > _LONGEST:
        raise ValueError(f"{what} has 1 to {_LONGEST} characters")
    if not _TEXT.fullmatch(text):
        raise ValueError(f"{what} has printable characters of ASCII only, and no space around it")
    if "${" in text:
        raise ValueError(f"{what} has no policy variables (${{…}})")
    return text


def _audience(text: str) -> str:
    if is_pattern(_plain(text, "an audience")):
        raise ValueError("an audience has no wildcards; write the one that the tokens are for")
    return text


def _subjects(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    if not given:
        raise ValueError("no subjects; write the exact subject of the partner's tokens")
    if len(given) > MOST_SUBJECTS:
        raise ValueError(f"too many: {len(given)} subjects, where {MOST_SUBJECTS} are the most")
    found = sorted({_plain(one, "a subject") for one in given})
    if bare := [one for one in found if is_pattern(one) and not literal_start(one)]:
        raise ValueError(
            f"{bare[0]!r} begins with a wildcard, so that anybody's token may match; write the "
            "exact subject"
        )
    return tuple(found)


_PlainText = {"type": "string", "minLength": 1, "maxLength": _LONGEST}


class WebIdentity(BaseModel):
    """The holders of tokens of one provider, for one audience, with one of some subjects."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    oidc_provider: Annotated[
        StrictStr,
        Field(
            description="The provider without `https://`: its host, and its path if it has one. It "
            "is in IAM of the account, or built in to AWS.",
            json_schema_extra={"pattern": f"^{PROVIDER}$"},
        ),
        AfterValidator(parse_provider),
    ]
    audience: Annotated[
        StrictStr,
        Field(description="For whom the tokens are (`aud`).", min_length=1, max_length=_LONGEST),
        AfterValidator(_audience),
    ]
    subject: Annotated[
        tuple[str, ...],
        PlainValidator(_subjects),
        Field(
            description="Whose the tokens are (`sub`): an exact subject, or a list of up to 20. "
            "Patterns (`*`, `?`) where the guardrails have `allow_subject_patterns`."
        ),
        WithJsonSchema(
            {
                "anyOf": [
                    _PlainText,
                    {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MOST_SUBJECTS,
                        "items": _PlainText,
                    },
                ]
            }
        ),
    ]

    @property
    def texts(self) -> tuple[str, ...]:
        """Each of the identities in words."""
        return tuple(identity_text(self.oidc_provider, subject) for subject in self.subject)


class Unread(Frozen):
    """A web identity that is not valid by itself."""


def is_by_token(given: object) -> bool:
    """Whether a principal is meant as a web identity, and not as policies write one (`AWS`)."""
    if isinstance(given, dict):
        return "AWS" not in given
    return isinstance(given, WebIdentity)


BY_NAME, BY_TOKEN = "name", "token"
"""The forms of a principal, as pydantic names them in the location of a problem."""

AnyPrincipal = Annotated[
    Annotated[TrustedPrincipal, Tag(BY_NAME)] | Annotated[WebIdentity, Tag(BY_TOKEN)],
    Discriminator(lambda given: BY_TOKEN if is_by_token(given) else BY_NAME),
]
"""An account, a role or a user; or a web identity."""


def named_principals(
    principals: Iterable[Principal | WebIdentity | Unread | None],
) -> list[Principal | None]:
    """Accounts, roles and users, with None for all others, so that indexes stay."""
    return [one if isinstance(one, Principal) else None for one in principals]
