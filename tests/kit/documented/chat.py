"""What Amazon Q Developer in chat applications takes as a custom notification, as a model.

Its administrator guide, "Custom notifications", "Event schema": version, source and description
have to be there; the rest may. The lengths are ours (`reports/chat.py` says why).
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from latchkey.reports.chat import LONGEST_DESCRIPTION, LONGEST_TITLE


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Content(_Strict):
    textType: Literal["client-markdown"]  # noqa: N815 (the guide's own name)
    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
    description: Annotated[str, Field(min_length=1, max_length=LONGEST_DESCRIPTION)]
    nextSteps: Annotated[list[Annotated[str, Field(max_length=350)]], Field(max_length=5)]  # noqa: N815
    keywords: Annotated[list[Annotated[str, Field(max_length=75)]], Field(max_length=5)]


class _Metadata(_Strict):
    threadId: Annotated[str, Field(max_length=64)]  # noqa: N815
    summary: Annotated[str, Field(max_length=250)]
    eventType: str  # noqa: N815
    relatedResources: list[str]  # noqa: N815
    additionalContext: dict[str, str]  # noqa: N815


class ChatMessage(_Strict):
    """One message."""

    version: Literal["1.0"]
    source: Literal["custom"]
    id: str
    content: _Content
    metadata: _Metadata
