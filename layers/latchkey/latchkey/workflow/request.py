"""The workflow's input (docs/contract.md, "Workflow input")."""

import json
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationInfo,
    field_validator,
)
from pydantic import ValidationError as Invalid

from latchkey.config.problem import ConfigRejected, Problem, pointer
from latchkey.grant_id import SLUG, GrantId
from latchkey.grants.record import BY_SCHEDULE, Trigger
from latchkey.keys import LONGEST_KEY
from latchkey.text import shows

_Slug = Annotated[StrictStr, Field(pattern=f"^{SLUG}$")]


def _key(key: str) -> str:
    if (size := len(key.encode())) > LONGEST_KEY:
        raise ValueError(f"a key of S3 has {LONGEST_KEY} bytes at most, not {size}")
    return key


def _not_blank(text: str) -> str:
    if text and not shows(text):
        raise ValueError("must not be blank; write a text, or leave it out")
    return text


_Text = Annotated[StrictStr, Field(max_length=1024), AfterValidator(_not_blank)]
_Name = Annotated[StrictStr, Field(max_length=256), AfterValidator(_not_blank)]
ALL: Literal["*"] = "*"
"""Instead of a name, in an order: all of them."""


class _Request(BaseModel):
    # A run uses one of the forms: each is compiled when it is first used.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    dry_run: StrictBool = False
    reason: _Text = ""
    requested_by: _Name = ""

    @property
    def trigger(self) -> Trigger:
        """What set the run off that this asks for."""
        return "order"


class InlineRequest(_Request):
    """A grant by a config in the request itself.

    A dry run may plan it `as_file`: as if it were uploaded under that key of the config bucket.
    """

    config: dict[str, Any]
    as_file: Annotated[StrictStr, Field(min_length=1), AfterValidator(_key)] | None = None

    @field_validator("as_file")
    @classmethod
    def _files_are_uploaded(cls, as_file: str | None, info: ValidationInfo) -> str | None:
        if as_file and not info.data.get("dry_run"):
            raise ValueError("only for dry runs; upload the file to have it granted")
        return as_file

    @property
    def body(self) -> bytes:
        """The config as a file would hold it."""
        return json.dumps(self.config, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @property
    def text(self) -> str:
        """The config as JSON text for the record."""
        return self.body.decode("utf-8", "replace")


class FileRequest(_Request):
    """Reconcile this config file; `key` is not URL-encoded."""

    bucket: Annotated[StrictStr, Field(min_length=3, max_length=63)]
    key: Annotated[StrictStr, Field(min_length=1), AfterValidator(_key)]
    by: Literal["file_check", "resync"] | None = None

    @property
    def trigger(self) -> Trigger:
        """A file that was created or removed, or the comparison that found it to differ."""
        return self.by or "file"


class ActionRequest(_Request):
    """An operator's order for one grant; `check` only reconciles the grant.

    `by` says which part of Latchkey started a check; an operator's order has none. The drift check
    says in which `account` beside the stack's own it found a role of the grant: that is where to
    look while nothing is on record of the grant.
    """

    action: Literal["revoke", "suspend", "resume", "confirm", "check"]
    partner: _Slug
    grant: _Slug = "main"
    by: Trigger | None = None
    account: Annotated[StrictStr, Field(pattern="^[0-9]{12}$")] | None = None

    @field_validator("account")
    @classmethod
    def _who_looks_into_accounts(cls, account: str | None, info: ValidationInfo) -> str | None:
        if account and info.data.get("by") != "drift":
            raise ValueError("only for checks that the drift check starts; leave it out")
        return account

    @field_validator("by")
    @classmethod
    def _by_whom_checks_are_started(
        cls, by: Trigger | None, info: ValidationInfo
    ) -> Trigger | None:
        if by and info.data.get("action") != "check":
            raise ValueError("only for checks; leave it out")
        return by

    @property
    def trigger(self) -> Trigger:
        """Who started the check, or an operator."""
        if self.by:
            return self.by
        return "schedule" if (self.action, self.reason) == ("check", BY_SCHEDULE) else "order"

    @property
    def grant_id(self) -> GrantId:
        """The grant that the order is for."""
        return GrantId(self.partner, self.grant)


class BulkAction(_Request):
    """A bulk order, as in an emergency: for all grants of a partner or, with `confirm`, of all.

    It names its requester and reason, since the history of each grant records them.
    """

    action: Literal["revoke", "suspend", "resume"]
    partner: Annotated[StrictStr, Field(pattern=rf"^(\*|{SLUG})$")]
    grant: Literal["*"] = ALL
    confirm: Annotated[Literal["all"] | None, Field(validate_default=True)] = None
    reason: Annotated[_Text, Field(min_length=1)]
    requested_by: Annotated[_Name, Field(min_length=1)]

    @field_validator("action", mode="before")
    @classmethod
    def _each_is_looked_at(cls, action: Any) -> Any:
        if action == "confirm":
            raise ValueError("one grant at a time: whoever confirms a grant has looked at it")
        return action

    @field_validator("confirm")
    @classmethod
    def _everything_is_meant(cls, confirm: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("partner") == ALL and confirm is None:
            raise ValueError('this is for every grant of every partner; add "confirm": "all"')
        return confirm

    def is_for(self, partner: str, status: str | None, instruction: str | None) -> bool:
        """Whether the order has anything to do for a live grant of this partner and state.

        Only what an order suspended is resumed, never what its own file says is suspended.
        """
        if self.partner not in (ALL, partner):
            return False
        match self.action:
            case "suspend":
                return status != "suspended"
            case "resume":
                return instruction == "suspend"
            case "revoke":
                return True


Request = InlineRequest | FileRequest | ActionRequest

_FORMS: dict[str, type[Request]] = {
    "config": InlineRequest,
    "bucket": FileRequest,
    "action": ActionRequest,
}


def parse_request(document: Any) -> Request:
    """The request in a workflow's input.

    Raises
    ------
    ConfigRejected
        With every problem; the pointers are into the workflow's input.
    """
    given = document if isinstance(document, dict) else {}
    if "action" in given and ALL in (given.get("partner"), given.get("grant")):
        parse_bulk_action(given)
        message = "orders for many grants are for the workflow to take apart, not for this step"
        raise ConfigRejected([Problem("/partner", message)])
    forms = [form for form in _FORMS if form in given]
    if len(forms) != 1:
        raise ConfigRejected(
            [
                Problem(
                    "",
                    'the input has exactly one of: {"config": …}, {"bucket": …, "key": …}, '
                    '{"action": "revoke" | "suspend" | "resume" | "confirm", "partner": …, '
                    '"grant": …}',
                )
            ]
        )
    request: Request = _read(_FORMS[forms[0]], given)
    return request


def parse_bulk_action(document: Any) -> BulkAction:
    """The order for many grants in a workflow's input.

    Raises
    ------
    ConfigRejected
        With every problem; the pointers are into the workflow's input.
    """
    request: BulkAction = _read(BulkAction, document)
    return request


def _read(form: type[BaseModel], given: Any) -> Any:
    try:
        return form.model_validate(given)
    except Invalid as invalid:
        problems = [
            Problem(pointer(e["loc"]), e["msg"].removeprefix("Value error, "))
            for e in invalid.errors()
        ]
        raise ConfigRejected(problems) from None
