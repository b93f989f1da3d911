"""APIs: by the lists of them; their stages would show stage variables, and are not asked for."""

from collections.abc import Iterator

from latchkey.iam.environment import AwsEnvironment
from latchkey.services.execute_api.spec import SPEC
from latchkey.services.lookup import Clients, Found, Lookup, found


def _find(clients: Clients, name: str, environment: AwsEnvironment) -> Found | None:
    arn = SPEC.resource_arn(name, environment)
    return found(arn) if arn.rpartition(":")[2] in _ids(clients) else None


def _ids(clients: Clients) -> Iterator[str]:
    for page in clients("apigateway").get_paginator("get_rest_apis").paginate():
        yield from (api["id"] for api in page["items"])
    for page in clients("apigatewayv2").get_paginator("get_apis").paginate():
        yield from (api["ApiId"] for api in page["Items"])


LOOKUP = Lookup(SPEC.noun, _find, _ids)
