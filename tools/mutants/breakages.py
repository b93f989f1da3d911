"""The list: what is broken, where, and how; the old text stands exactly once in its file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Breakage:
    """One change that must not go unnoticed: of a file in `folder`.

    `tests` are those that must notice; without any it is up to `STAGES`.
    """

    name: str
    file: str
    old: str
    new: str
    folder: str = "layers/latchkey/latchkey"
    tests: tuple[str, ...] = ()


_POLICIES = "domain/policies.py"
_S3 = "domain/catalogue/s3.py"
_ENTRY = "domain/catalogue/entry.py"
_CUSTOM = "domain/catalogue/custom.py"
_CUSTOM_RULES = "domain/catalogue/custom_rules.py"
_RULES = "domain/config_rules.py"
_GUARDS = "domain/guardrails.py"
_PLAN = "domain/plan.py"

BREAKAGES = (
    Breakage(
        "permissions without expiry",
        _POLICIES,
        '"Condition": _conditions(allowance.conditions, window),',
        '"Condition": _conditions(allowance.conditions),',
    ),
    Breakage(
        "trust without expiry",
        _POLICIES,
        '"Condition": _conditions(extra, validity(config)),',
        '"Condition": _conditions(extra),',
    ),
    Breakage("start left out", _POLICIES, "if config.starts_at:", "if False:"),
    Breakage("expiry one operator too late", _POLICIES, '"DateLessThan":', '"DateLessThanEquals":'),
    Breakage(
        "external ID by pattern",
        _POLICIES,
        '{"StringEquals": equals}',
        '{"StringLike": equals}',
    ),
    Breakage("external ID left out", _POLICIES, "if external_id is not None:", "if False:"),
    Breakage("source IPs left out", _POLICIES, "if config.source_ips:", "if False:"),
    Breakage("MFA left out", _POLICIES, "if config.require_mfa:", "if False:"),
    Breakage("empty conditions rendered", _POLICIES, "if value}", "}"),
    Breakage(
        "suspended, yet allowed",
        _POLICIES,
        '"Effect": "Deny", "Action"',
        '"Effect": "Allow", "Action"',
    ),
    Breakage(
        "prefix without its slash",
        _S3,
        'prefix.removesuffix("/") + "/"',
        'prefix.removesuffix("/")',
    ),
    Breakage(
        "objects of the whole bucket",
        _S3,
        "objects = f\"{facts.arn}/{self.prefix or ''}*\"",
        'objects = f"{facts.arn}/*"',
    ),
    Breakage(
        "listing of the whole bucket",
        _S3,
        '{"StringLike": {"s3:prefix": f"{self.prefix}*"}} if self.prefix else {}',
        "{}",
    ),
    Breakage("drop box that lists", _S3, 'if self.allow != "write":', "if True:"),
    Breakage(
        "reading that deletes",
        _S3,
        '_READ = ("s3:GetObject",)',
        '_READ = ("s3:GetObject", "s3:DeleteObject")',
    ),
    Breakage(
        "wildcards in a prefix", _S3, "_.'()=,@:;+& /-]{1,512}\"", "_.'()=,@:;+& /*-]{1,512}\""
    ),
    Breakage(
        "key through any service",
        _ENTRY,
        'via = {"kms:ViaService": f',
        'via = {"kms:CallerAccount": f',
    ),
    Breakage(
        "key without encryption context",
        _ENTRY,
        "for name, value in context.items()}",
        "for name, value in ()}",
    ),
    Breakage(
        "key of the service in any region",
        _ENTRY,
        "{service}.{place.region}.{place.dns_suffix}",
        "{service}.us-east-1.amazonaws.com",
    ),
    Breakage(
        "secret by its name",
        "domain/catalogue/secretsmanager.py",
        'Allowance("Secret", actions, (facts.arn,))',
        'Allowance("Secret", actions, (facts.arn[:-6] + "??????",))',
    ),
    Breakage(
        "indexes of other tables",
        "domain/catalogue/dynamodb.py",
        """_SEARCH, (facts.arn, f"{facts.arn}/index/*"), HTTPS)""",
        """_SEARCH, (facts.arn, f"{facts.arn}*"), HTTPS)""",
    ),
    Breakage(
        "HTTPS left out for queues",
        "domain/catalogue/sqs.py",
        "(facts.arn,), HTTPS), *key)",
        "(facts.arn,)), *key)",
    ),
    Breakage(
        "sending that receives",
        "domain/catalogue/sqs.py",
        '"send": (*_LOOK, "sqs:SendMessage"),',
        '"send": (*_LOOK, "sqs:SendMessage", "sqs:ReceiveMessage"),',
    ),
    Breakage(
        "streams that begin with the name",
        "domain/catalogue/kinesis.py",
        "_ACTIONS[self.allow], (facts.arn,))",
        '_ACTIONS[self.allow], (f"{facts.arn}*",))',
    ),
    Breakage(
        "all versions of a function",
        "domain/catalogue/lambda_.py",
        '("lambda:InvokeFunction",), (facts.arn,))',
        '("lambda:InvokeFunction",), (f"{facts.arn}:*", facts.arn))',
    ),
    Breakage(
        "parameters beside the path",
        "domain/catalogue/ssm.py",
        'below = f"{facts.arn}*"',
        'below = f"{facts.arn[:-1]}*"',
    ),
    Breakage(
        "wildcards in custom actions",
        _CUSTOM_RULES,
        'if "*" in action or "?" in action:',
        "if False:",
    ),
    Breakage(
        "custom beyond the boundary", _CUSTOM_RULES, "if action in boundary.ALLOWED:", "if True:"
    ),
    Breakage(
        "custom on anything",
        _CUSTOM_RULES,
        'if not re.fullmatch(f"{name}(?:{more})?", rest, re.ASCII):',
        "if False:",
    ),
    Breakage("custom dates of its own", _CUSTOM_RULES, "if key.lower() in _OURS:", "if False:"),
    Breakage(
        "custom with empty lists", _CUSTOM_RULES, "return bool(value) and all(", "return all("
    ),
    Breakage(
        "custom conditions dropped",
        _CUSTOM,
        "conditions = {**statement.Condition}",
        "conditions: Any = {}",
    ),
    Breakage(
        "our own account as partner",
        _RULES,
        "if principal.account == house.place.account:",
        "if False:",
    ),
    Breakage(
        "no external ID needed",
        _RULES,
        "if not accounts or not accounts <= house.first_party_accounts:",
        "if False:",
    ),
    Breakage(
        "resources of other regions",
        _RULES,
        "if (partition, region, account) != (place.partition, place.region, place.account):",
        "if False:",
    ),
    Breakage(
        "any partner account",
        _GUARDS,
        "if allowed is not None and principal and",
        "if False and principal and",
    ),
    Breakage(
        "any length of grant",
        _GUARDS,
        "if rules.max_grant_days and end - start >",
        "if False and end - start >",
    ),
    Breakage(
        "custom without leave", _GUARDS, 'if entry.service == "custom" and not', "if False and not"
    ),
    Breakage(
        "denied only when equal", _GUARDS, "any(overlaps(t, p) for t in targets)", "p in targets"
    ),
    Breakage(
        "allowed when touched",
        "domain/glob.py",
        'any_one=r"[^*]").fullmatch(target)',
        'any_one=".").match(target)',
    ),
    Breakage("missing tags", _GUARDS, "set(rules.required_tags) - fields", "set() - fields"),
    Breakage(
        "boundary not put back",
        _PLAN,
        "if observed.boundary_arn != desired.boundary_arn:",
        "if False:",
    ),
    Breakage(
        "foreign policies left",
        _PLAN,
        "for arn in observed.attached_policies)\n    extra",
        "for arn in ())\n    extra",
    ),
    Breakage(
        "foreign roles taken over", _PLAN, "if not observed.owned_by(stack, grant):", "if False:"
    ),
    Breakage(
        "key policies not read",
        "domain/key_policy.py",
        'statement.get("Effect") == "Allow" and _for_account(statement, place)',
        'statement.get("Effect") == "Allow"',
    ),
    Breakage("organization left out", _POLICIES, "if config.organization_id:", "if False:"),
    Breakage("suspended with nothing said", _POLICIES, '"Statement": [deny]', '"Statement": []'),
    Breakage(
        "conditions of one operator overwritten",
        _POLICIES,
        "joined.setdefault(operator, {}).update(filled)",
        "joined[operator] = filled",
    ),
    Breakage(
        "statements of entries under one name",
        _POLICIES,
        'f"Access{index}{',
        'f"Access{0 * index}{',
    ),
    Breakage(
        "reading of ACLs",
        _S3,
        '_READ = ("s3:GetObject",)',
        '_READ = ("s3:GetObject", "s3:GetObjectAcl")',
    ),
    Breakage("folders above in a prefix", _S3, """ or ".." in prefix.split("/"):""", ":"),
    Breakage(
        "key of any object of the bucket",
        _S3,
        "[facts.arn, objects]}",
        '[facts.arn, f"{facts.arn}/*"]}',
    ),
    Breakage("upload that cannot finish", _S3, '"write": ("kms:Decrypt", "kms', '"write": ("kms'),
    Breakage("any key", _ENTRY, "facts.kms_keys, conditions)", '("*",), conditions)'),
    Breakage("patterns compared as plain text", _ENTRY, "    if like:", "    if False:"),
    Breakage(
        "key of any table",
        "domain/catalogue/dynamodb.py",
        """"aws:dynamodb:tableName": facts.arn.rpartition("/")[2],""",
        "",
    ),
    Breakage(
        "guardrails blind to indexes",
        "domain/catalogue/dynamodb.py",
        """return (facts.arn, f"{facts.arn}/index/*")""",
        "return (facts.arn,)",
    ),
    Breakage(
        "guardrails blind to folders",
        _S3,
        """return (facts.arn, f"{facts.arn}/{self.prefix or ''}*")""",
        "return (facts.arn,)",
    ),
    Breakage(
        "guardrails blind to paths",
        "domain/catalogue/ssm.py",
        """f"{facts.arn}*" if facts.arn.endswith("/") else facts.arn,)""",
        "facts.arn,)",
    ),
    Breakage(
        "parameters of AWS",
        "domain/catalogue/ssm.py",
        'if re.match(r"/?(aws|ssm)(/|$)", text, re.IGNORECASE):',
        "if False:",
    ),
    Breakage(
        "names that go on behind the name",
        "domain/catalogue/resource.py",
        "if re.fullmatch(self.pattern",
        "if re.match(self.pattern",
    ),
    Breakage(
        "wildcards in names",
        "domain/catalogue/sqs.py",
        'r"[A-Za-z0-9_-]{1,80}|',
        'r"[A-Za-z0-9_*-]{1,80}|',
    ),
    Breakage("custom of several services", _CUSTOM, "if len(statement.services) > 1:", "if False:"),
    Breakage("custom without HTTPS", _CUSTOM, "https = HTTPS if service", "https = {} if service"),
    Breakage("custom keys for all", _CUSTOM, "boundary.KEY_ACTIONS[:1] if reads", "() if reads"),
    Breakage(
        "custom key through any service",
        _CUSTOM,
        'via = {"StringEquals": {"kms:ViaService": f',
        'via = {"StringEquals": {"kms:CallerAccount": f',
    ),
    Breakage("custom that denies", _CUSTOM, 'Literal["Allow"]', 'Literal["Allow", "Deny"]'),
    Breakage(
        "custom with any operator",
        _CUSTOM_RULES,
        "if not _OPERATOR.fullmatch(operator):",
        "if False:",
    ),
    Breakage("custom outside of an account", _CUSTOM_RULES, "if not placed or", "if"),
    Breakage(
        "principals of other partitions",
        _RULES,
        "if principal.partition not in (None, house.place.partition):",
        "if False:",
    ),
    Breakage("expired before it is read", _RULES, "expires_at <= now:", "False:"),
    Breakage("over before it starts", _RULES, "starts_at >= expires_at:", "False:"),
    Breakage("short external IDs", "domain/config.py", "if len(text) < 8:", "if len(text) < 2:"),
    Breakage("the whole internet", "domain/config.py", "if network.prefixlen == 0:", "if False:"),
    Breakage(
        "wildcards in principals",
        "domain/principal.py",
        '_NAME = r"[A-Za-z0-9_+=,.@-]',
        '_NAME = r"[A-Za-z0-9_+=,.@*-]',
    ),
    Breakage(
        "any service",
        _GUARDS,
        "elif allowed is not None and entry.service not in",
        "elif False and () in",
    ),
    Breakage("any session", _GUARDS, "    if longest and", "    if False and"),
    Breakage(
        "custom allowed unless forbidden",
        _GUARDS,
        'allowed.")\n    ] = False',
        'allowed.")\n    ] = True',
    ),
    Breakage(
        "one allowed resource for all of custom",
        _GUARDS,
        'whole=entry.service != "custom"',
        "whole=True",
    ),
    Breakage(
        "overlap up to the pattern's first wildcard",
        "domain/glob.py",
        "for length in range(len(pattern) + 1)",
        "for length in range(len(pattern.split('*')[0]) + 1)",
    ),
    Breakage(
        "new role without boundary",
        _PLAN,
        "desired.boundary_arn,\n            dict",
        "None,  # type: ignore[arg-type]\n            dict",
    ),
    Breakage(
        "role without boundary",
        "domain/role.py",
        "boundary_arn=naming.boundary_arn",
        'boundary_arn=""',
    ),
    Breakage(
        "ownership by one tag",
        "domain/role.py",
        "self.tags.get(STACK_TAG) == stack and",
        "self.tags.get(STACK_TAG) == stack or",
    ),
    Breakage(
        "key conditions not read", "domain/key_policy.py", "and key.lower() in known", "or key"
    ),
    Breakage(
        "boundary that changes ACLs",
        "domain/boundary.py",
        '"PutObject",',
        '"PutObject", "PutObjectAcl",',
    ),
    Breakage(
        "boundary that makes grants of keys",
        "domain/boundary.py",
        '("kms:Decrypt", "kms:GenerateDataKey")',
        '("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant")',
    ),
    Breakage("boundary without what is granted", "domain/boundary.py", '("PutEvents",)', "()"),
)
