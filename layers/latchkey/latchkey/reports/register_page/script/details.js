const FACTS = {
  AccessGranted: "Access granted",
  AccessUpdated: "Access changed",
  AccessConfirmed: "Confirmed",
  AccessSuspended: "Suspended",
  AccessRevoked: "Revoked",
  AccessExpired: "Expired",
  ConfigRejected: "A version of the file was rejected",
  OrderRejected: "An order was refused",
  GrantFailed: "Failed",
  FindingsReported: "Findings reported",
  FindingsResolved: "Findings resolved",
  DriftRepaired: "Changes by hand put back",
};
const BY = {
  schedule: "its schedule",
  sweep: "the sweep",
  drift: "the check of all roles",
  file: "its file",
  order: "an order",
};

const accessItem = (row) =>
  el(
    "li",
    { title: `${row.kind} ${row.name}${row.part ? "/" + row.part : ""}: ${row.may}` },
    el("span", { class: "service" }, serviceName(row.service)),
    text(row.part ? `${row.name}/${row.part}` : row.name, "text clip"),
    el("span", { class: "may" }, row.service === "custom" ? "as written" : row.may),
  );

const accessInFull = (row) =>
  el(
    "li",
    {},
    el("span", { class: "service" }, serviceName(row.service)),
    text(row.part ? `${row.name}/${row.part}` : row.name),
    text(row.may, "may text"),
  );

// What every grant of a file has as its reason says nothing that the fact does not.
const USUAL = "the config asks for it";
const reasonOf = (reason) => (reason && reason !== USUAL ? reason : "");

// Facts that say the same one after the other (a check that finds the same again) are one.
const toldOnce = (history) => {
  const said = ({ event, by, reason, details }) => JSON.stringify([event, by, reason, details]);
  const told = [];
  for (const fact of history) {
    const last = told[told.length - 1];
    if (last && said(last.fact) === said(fact)) last.since = fact.at;
    else told.push({ fact, since: null });
  }
  return told;
};

const factItem = ({ fact, since }) =>
  el(
    "li",
    { class: fact.event.replace(/\W/g, "") },
    el("strong", {}, FACTS[fact.event] || fact.event),
    el("time", { datetime: fact.at }, momentOf(time(fact.at))),
    since && el("span", { class: "quiet" }, ` and before, since ${momentOf(time(since))}`),
    fact.by && el("span", { class: "quiet text" }, ` by ${BY[fact.by] || fact.by}`),
    reasonOf(fact.reason) && el("p", {}, text(fact.reason)),
    fact.details.length > 0 &&
      el(
        "ul",
        {},
        fact.details.map((line) => el("li", {}, text(line))),
      ),
  );

const pair = (term, ...values) => [el("dt", {}, term), el("dd", {}, ...values)];

const listed = (values, kind) =>
  values.length ? values.map((value) => el("div", {}, text(value, kind))) : ["–"];

const periodPairs = (grant) => [
  pair("Granted", momentOf(time(grant.granted_at))),
  grant.begins ? pair("Begins", momentOf(grant.begins)) : [],
  pair(grant.over ? "Was to end" : "Ends", momentOf(grant.ends)),
  grant.confirmed_at && !grant.over
    ? pair("Confirmed", `${momentOf(time(grant.confirmed_at))}; ends unless it is confirmed again`)
    : [],
  grant.ended ? pair("Ended", momentOf(grant.ended)) : [],
  pair("Last used", grant.last_used ? momentOf(time(grant.last_used)) : "not known"),
];

const details = (grant) =>
  el(
    "div",
    {
      class: "details",
      id: `details-${grant.id}`,
      role: "group",
      "aria-label": `Details of ${grant.id}`,
    },
    el(
      "div",
      {},
      el("h4", {}, "Purpose"),
      el("p", {}, text(grant.purpose || "–")),
      grant.waits && [
        el("h4", { class: "found" }, "Waits for approval"),
        el(
          "p",
          {},
          `By ${grant.waits.groups.join(", ") || "the groups of the guardrails"}, since `,
          `${momentOf(time(grant.waits.since))}: `,
          text(`latchkey approve ${grant.id}`, "code"),
        ),
      ],
      grant.findings.length > 0 && [
        el("h4", { class: "found" }, "Findings"),
        el(
          "ul",
          { class: "found" },
          grant.findings.map((line) => el("li", {}, text(line))),
        ),
      ],
      el("h4", {}, "May reach"),
      el("ul", { class: "access" }, grant.access.map(accessInFull)),
      el("h4", {}, "Who and when"),
      el(
        "dl",
        {},
        inSeveral ? pair("Account", text(grant.account || "–", "code")) : [],
        pair("Role", text(grant.role || "–", "code")),
        pair("Principals", ...listed(grant.principals, "code")),
        pair("External ID", grant.guarded ? "required (not in this page)" : "none"),
        pair("Conditions", ...listed(grant.conditions, "text")),
        pair("Owner", text(grant.owner || "–")),
        ...periodPairs(grant),
        pair("File", text(grant.file || "none (workflow input)", "code")),
        grant.author ? pair("Uploaded by", text(grant.author, "code")) : [],
        pair(
          "Recorded",
          momentOf(time(grant.updated_at)),
          reasonOf(grant.reason) &&
            grant.reason !== (grant.history[0] || {}).reason &&
            el("div", {}, text(grant.reason, "quiet text")),
        ),
      ),
    ),
    el(
      "div",
      {},
      el("h4", {}, "History"),
      grant.history.length
        ? el("ol", { class: "facts" }, toldOnce(grant.history).map(factItem))
        : el("p", { class: "quiet" }, "Nothing is recorded."),
    ),
  );
