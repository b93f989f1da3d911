"""How the ARNs of one service name a resource."""

from latchkey.frozen import Frozen
from latchkey.iam.environment import AwsEnvironment


class ArnForm(Frozen):
    """The grammar of a resource's name and of its ARN; patterns are regular expressions in ASCII.

    `name` is the pattern of plain names and `hint` the same in words. In an ARN, `before` stands
    before the name (`table/`), and `after` is the pattern of what AWS puts behind it. `below` parts
    a resource from what lies within it (`/` for the objects of a bucket), and `within` is the
    pattern of what of that a custom statement may name. ARNs that are not `regional` have neither
    region nor account. Only names of some services may hold a `/` (`slashes`).
    """

    name: str
    hint: str = ""
    before: str = ""
    after: str = ""
    below: str = ""
    within: str = ""
    regional: bool = True
    slashes: bool = False

    def arn(self, service: str, name: str, environment: AwsEnvironment) -> str:
        """The ARN of a name in a stack's account and region; an ARN stays as it is."""
        if name.startswith("arn:"):
            return name
        where = f"{environment.region}:{environment.account}" if self.regional else ":"
        return f"arn:{environment.partition}:{service}:{where}:{self.before}{name}"

    def plain(self, rest: str) -> str:
        """The name in the last part of an ARN, with all that follows it."""
        return rest.removeprefix(self.before)

    def pattern(self) -> str:
        """The pattern of the last part of an ARN that a custom statement may name."""
        within = f"(?:{self.within})?" if self.within else ""
        return f"{self.before}(?:{self.name}){self.after}{within}"
