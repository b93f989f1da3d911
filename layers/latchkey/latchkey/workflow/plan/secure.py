"""Claims on what a new role needs, after everything else: no failure leaves a claim behind."""

from latchkey.aws.claims import Claim, external_id_claim, partner_claim, role_name_claim
from latchkey.aws.config_versions import ConfigVersions
from latchkey.aws.grant_table import GrantTable
from latchkey.config.problem import Problem
from latchkey.config.scope_rules import belongs_to_another
from latchkey.errors import PermanentError
from latchkey.frozen import Frozen
from latchkey.grants.plan import GrantPlan
from latchkey.grants.record import GrantRecord
from latchkey.grants.role_name import claimed
from latchkey.grants.validation import in_use
from latchkey.newer_python import replace
from latchkey.workflow.events import Planned
from latchkey.workflow.plan.context import PlanningContext
from latchkey.workflow.plan.endings import failed, rejected, signed
from latchkey.workflow.request import FileRequest, InlineRequest
from latchkey.workflow.run_data import RunData


class Claims(Frozen):
    """Makes a grant's claims, writes inline configs, notes whose a file is, and stores plans."""

    table: GrantTable
    versions: ConfigVersions
    data: RunData

    def secure(self, plan: GrantPlan, context: PlanningContext) -> Planned:
        """Make the claims and note the file's grant, before a role is made; store the plan.

        It is stored in one write with what is claimed for it. Answers what the workflow's state has
        of the plan or, where an external ID or a role's name is another's, of its rejection.

        Raises
        ------
        PlanStale
            When another run has recorded the file since this one read its record.
        """
        run, now = context.reference.run.name, context.now
        try:
            plan = self._with_config(plan, context)
        except PermanentError as error:
            plan = signed(failed(error, context), context)
        if plan.desired is None or plan.state is None or plan.dry_run:
            return self.data.keep_plan(plan, run, now)
        claims, key = _newly_claimed(plan.state, context), _newly_bound(context)
        if not (claims or key):
            return self.data.keep_plan(plan, run, now)
        planned, items = self.data.plan_items(plan, run, now)
        before = context.reference.on_record.item
        try:
            taken = self.table.secure(context.grant, tuple(claims), key, before, items)
            if not taken:
                return planned
            if _stays(plan.state, context) and plan.state.scope:  # whoever was faster
                return self.secure(replace(plan, state=replace(plan.state, scope=())), context)
            config = context.config.read.config if context.config.read else None
            given = config.external_id if config else None
            others = [claims[one] for one in taken]
            scoped = bool(plan.state.scope)
            instead = rejected(in_use(others, given, scoped=scoped), context)
        except PermanentError as error:
            instead = failed(error, context)
        return self.data.keep_plan(signed(instead, context), run, now)

    def _with_config(self, plan: GrantPlan, context: PlanningContext) -> GrantPlan:
        """The plan whose record refers to the config that came with the request, once written.

        It is written before anything refers to it. A version that no plan or record refers to,
        since the run died here, means nothing.
        """
        request, state = context.reference.request, plan.state
        if not isinstance(request, InlineRequest) or plan.dry_run or plan.step == "done":
            return plan
        if state is None or state.config != request.text:
            return plan
        written = self.versions.write(context.grant, request.text)
        return replace(plan, state=replace(state, config_object=written))


def _stays(state: GrantRecord, context: PlanningContext) -> bool:
    """Whether a grant is kept as it is, or only suspended where it is: nobody's claim forbids that.

    One of no scope yet stays of none.
    """
    if context.tolerant:
        return True
    before = context.record if context.live else None
    here = before is not None and not before.scope and before.config_key == state.config_key
    return here and state.status == "suspended"


def _newly_claimed(
    state: GrantRecord, context: PlanningContext
) -> dict[Claim, str | Problem | None]:
    """What the grant has not claimed yet: external IDs, None for its role's name, its partner.

    A live grant that comes into a scope claims all for it; so nothing moves to another scope.
    """
    before, scope = context.record if context.live else None, state.scope
    had = before.external_ids if before and before.scope[:1] == scope[:1] else ()
    new = (one for one in state.external_ids if one not in had)
    claims: dict[Claim, str | Problem | None] = {
        external_id_claim(one, state.partner, scope): one for one in new
    }
    if scope and not (before and before.scope[:1] == scope[:1]):
        claims[partner_claim(state.partner, scope)] = belongs_to_another(state.partner)
    named = None if context.live else claimed(state)
    return {**claims, role_name_claim(*named, state.id): None} if named else claims


def _newly_bound(context: PlanningContext) -> str | None:
    """The file that does not stand for the grant yet."""
    request = context.request
    if not isinstance(request, FileRequest) or context.grant in context.reference.on_record.grants:
        return None
    return request.key
