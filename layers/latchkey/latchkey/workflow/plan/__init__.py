"""Planning: look at one grant, under its lease, and say what has to change.

`planner.Planner.plan` is a pipeline of seven steps, each a module with one input and one output:

======== ==================================== ================================================
step     from → to                            what it does
======== ==================================== ================================================
identify `PlanEvent` → `GrantReference`       which grant the run is about
lease    `GrantReference` → `Leased`          one run per grant at a time
load     `Leased` → `Snapshot`                every read of AWS, side by side
decide   `Snapshot` → `Decided`               what becomes of the grant, and why
render   `Decided` → `Rendered`               the role that the config asks for
approve  `Rendered` → `Rendered`              whether it waits for those who have to approve it
diff     `Rendered` → `GrantPlan`             the changes that lead from what is to what should be
======== ==================================== ================================================

Decide, render and diff are pure: time, settings and everything that was read stand in the snapshot.
Approve reads what has been approved, where a rule applies. A run that ends early (a rejected
config, a file that is gone, a run that was overtaken) passes through the same steps as a verdict of
its own, and `endings` has the plan of each. Last of all `secure` claims what the new role needs, so
that no failure leaves a claim behind.
"""
