"""How the ARNs of one service name a resource."""

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment


class ArnForm(Frozen):
    """The grammar of a resource's name and of its ARN; patterns are regular expressions in ASCII.

    `name` is the pattern of plain names and `hint` the same in words. In an ARN, `before` stands
    before the name (`table/`), and `after` is the pattern of what AWS puts behind it. `below` parts
    a resource from what lies within it (`/` for the objects of a bucket), and `within` is the
    pattern of what of that a custom statement may name, and `others` is that of the ARNs of other
    kinds that it may. `kinds` stand before the names of further kinds of the resource, and `of_aws`
    before those that AWS has for all accounts, whose ARNs name none. ARNs that are not `regional`
    have neither region nor account. Only names of some services may hold a `/` (`slashes`). Those
    of some stand in ARNs in `lower` case, however they were written.
    """

    name: str
    hint: str = ""
    before: str = ""
    after: str = ""
    below: str = ""
    within: str = ""
    kinds: tuple[str, ...] = ()
    others: str = ""
    of_aws: str = ""
    regional: bool = True
    slashes: bool = False
    lower: bool = False

    def arn(self, service: str, name: str, environment: AwsEnvironment) -> str:
        """The ARN of a name in a stack's account and region; an ARN stays as it is."""
        if name.startswith("arn:"):
            return name
        return self._placed(service, f"{self.before}{name}", environment)

    def all_of(self, service: str, environment: AwsEnvironment) -> str:
        """A pattern of all ARNs of the service in a stack's account and region."""
        return self._placed(service, "*", environment)

    def _placed(self, service: str, rest: str, environment: AwsEnvironment) -> str:
        where = f"{environment.region}:{environment.account}" if self.regional else ":"
        return f"arn:{environment.partition}:{service}:{where}:{rest}"

    def plain(self, rest: str) -> str:
        """The name in the last part of an ARN, with all that follows it."""
        return rest.removeprefix(self.before)

    def pattern(self) -> str:
        """The pattern of the last part of an ARN that a custom statement may name."""
        within = f"(?:{self.within})?" if self.within else ""
        kinds = (self.before, *self.kinds, *filter(None, [self.of_aws]))
        own = f"(?:{'|'.join(kinds)})(?:{self.name}){self.after}{within}"
        return f"(?:{own}|{self.others})" if self.others else own

    def placed(self, region: str, account: str, rest: str) -> bool:
        """Whether an ARN names region and account where it has to, and only there."""
        if self.of_aws and rest.startswith(self.of_aws):
            return bool(region) and not account
        return bool(region) == bool(account) == self.regional
