"""Identity providers (OIDC) in IAM: whether those that a config names are there, and for whom."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from latchkey.aws.error_codes import error_code, translated
from latchkey.config.problem import Problem, pointer
from latchkey.config.web_identity import WebIdentity
from latchkey.errors import LatchkeyError, PermissionDenied
from latchkey.iam.environment import AwsEnvironment
from latchkey.iam.web_identity import BUILT_IN, provider_arn, provider_of

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


class OidcProviders:
    """The providers of the trusting account; one read for each that is named."""

    def __init__(self, client: "IAMClient", environment: AwsEnvironment) -> None:
        self._iam, self._environment = client, environment
        self._read: dict[str, tuple[str, ...] | None] = {}

    def problems(self, principals: Iterable[Any]) -> Iterator[Problem]:
        """What is wrong with web identities among a config's principals, by what IAM has.

        A provider that is not there lets nobody in, and neither does an audience that it does not
        list: STS refuses such tokens before it asks the role (STS API reference,
        AssumeRoleWithWebIdentity, `InvalidIdentityToken`).
        """
        for index, one in enumerate(principals):
            if not isinstance(one, WebIdentity) or one.oidc_provider in BUILT_IN:
                continue
            where: list[str | int] = ["principals", index, "oidc_provider"]
            try:
                audiences = self._audiences(one.oidc_provider)
            except PermissionDenied as error:
                text = f"the provider {one.oidc_provider} cannot be read by Latchkey ({error})"
                yield Problem(pointer(where), text)
                continue
            if audiences is None:
                yield Problem(pointer(where), self._missing(one.oidc_provider))
            elif one.audience not in audiences:
                known = ", ".join(audiences) or "none"
                yield Problem(
                    pointer([*where[:2], "audience"]),
                    f"the provider in IAM does not take tokens for {one.audience!r}, only for: "
                    f"{known}; write one of these, or have the audience added to the provider",
                )

    def _audiences(self, provider: str) -> tuple[str, ...] | None:
        """The audiences that a provider lists, or None where there is no such provider."""
        if provider not in self._read:
            self._read[provider] = self._look_up(provider)
        return self._read[provider]

    def _look_up(self, provider: str) -> tuple[str, ...] | None:
        arn = provider_arn(provider, self._environment)
        with translated(f"look up the identity provider {provider}"):
            try:
                found = self._iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
            except ClientError as error:
                if error_code(error) == "NoSuchEntity":
                    return None
                raise
        return tuple(found["ClientIDList"])

    def _missing(self, provider: str) -> str:
        message = f"there is no identity provider {provider} in IAM of this account"
        near = get_close_matches(provider, self._names(), n=1, cutoff=0.7)
        if near:
            return f"{message}; did you mean {near[0]!r}?"
        return f"{message}; have it created (docs/config.md#web-identities), or check the name"

    def _names(self) -> list[str]:
        """The providers that exist, or none where they may not be listed: a hint is no must."""
        try:
            with translated("list identity providers"):
                found = self._iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        except LatchkeyError:
            return []
        return [name for one in found if (name := provider_of(one["Arn"]))]
