const DAY = 864e5;
const SOON = 30;
const register = JSON.parse(byId("data").textContent);
const now = Date.now();
const built = Date.parse(register.built_at);

const STATES = {
  active: "Active",
  upcoming: "Not yet begun",
  suspended: "Suspended",
  failed: "Failed",
  expired: "Expired",
  revoked: "Revoked",
  rejected: "Rejected",
  pending_approval: "Never granted",
};
// Where all grants are in the stack's own account, nobody has to be told.
const accounts = [...new Set(register.grants.map((entry) => entry.account).filter(Boolean))].sort();
const inSeveral = accounts.length > 1 || (register.elsewhere || []).length > 0;
const serviceName = (service) => register.services?.[service] || service || "?";

const dates = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});
const spans = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const counts = new Intl.NumberFormat("en");
const dateOf = (at) => (at ? dates.format(at) : "–");
const momentOf = (at) => (at ? `${dates.format(at)}, ${clock.format(at)}` : "–");

const fromNow = (at) => {
  const days = (at - now) / DAY;
  const far = Math.abs(days);
  if (far < 1 / 24) return days < 0 ? "just now" : "within the hour";
  if (far < 1) return spans.format(Math.trunc(days * 24), "hour");
  if (far < 60) return spans.format(Math.trunc(days), "day");
  if (far < 730) return spans.format(Math.trunc(days / 30.44), "month");
  return spans.format(Math.trunc(days / 365.25), "year");
};

// A page may be read long after it was made: what has ended since then is over, by its policies.
const stateOf = (grant) => {
  if (grant.status !== "active") return grant.status;
  if (grant.ends && grant.ends <= now) return "expired";
  return grant.begins && grant.begins > now ? "upcoming" : "active";
};

const time = (stamp) => (stamp ? Date.parse(stamp) : null);

const grants = register.grants.map((entry) => {
  const grant = { ...entry, ends: time(entry.expires_at), begins: time(entry.starts_at) };
  grant.granted = time(entry.granted_at) || grant.begins || time(entry.updated_at);
  grant.from = Math.max(grant.granted || 0, grant.begins || 0) || null;
  grant.state = stateOf(grant);
  grant.over = grant.state === "expired" || grant.state === "revoked" || grant.state === "rejected";
  grant.ended =
    grant.over && grant.state !== "rejected" ? time(entry.ended_at) || grant.ends : null;
  grant.days = grant.ends === null ? Infinity : (grant.ends - now) / DAY;
  grant.look = !grant.over && (grant.state === "failed" || grant.findings.length > 0);
  // A file that nobody approved yet has given nothing; it is shown with the live ones, not counted.
  grant.asked = grant.state === "pending_approval";
  grant.waits = !grant.over && Boolean(grant.waits && !grant.waits.rejected_by) && grant.waits;
  grant.urgency = grant.over ? "" : grant.days <= 7 ? "now" : grant.days <= SOON ? "soon" : "";
  grant.words = [
    "",
    grant.id,
    grant.purpose,
    grant.owner,
    grant.file,
    grant.role,
    grant.account,
    STATES[grant.state],
    ...grant.principals,
    ...grant.access.flatMap((row) => [
      serviceName(row.service),
      row.service,
      row.name,
      row.part && `${row.name}/${row.part}`,
      row.may,
    ]),
    "",
  ]
    .join("\n")
    .toLowerCase();
  return grant;
});

const ORDERS = {
  ends: (a, b) =>
    a.over - b.over || (a.over ? b.ended - a.ended : a.days - b.days) || a.id.localeCompare(b.id),
  name: (a, b) => a.id.localeCompare(b.id),
  changed: (a, b) =>
    (a.updated_at < b.updated_at) - (a.updated_at > b.updated_at) || a.id.localeCompare(b.id),
  owner: (a, b) => a.owner.localeCompare(b.owner) || a.id.localeCompare(b.id),
};
const IN_STATE = {
  "": () => true,
  live: (grant) => !grant.over,
  over: (grant) => grant.over && grant.state !== "rejected",
  look: (grant) => grant.look,
  waits: (grant) => grant.waits,
};

const chosen = (want) => {
  // Words are found anywhere; what stands in quotes is the whole of a name or a text.
  const words = [...want.q.toLowerCase().matchAll(/"([^"]+)"|[^\s"]+/g)].map(([word, whole]) =>
    whole ? `\n${whole}\n` : word,
  );
  const inState = IN_STATE[want.status] || ((grant) => grant.state === want.status);
  const limit = want.days === "" ? null : Number(want.days);
  return grants
    .filter(
      (grant) =>
        inState(grant) &&
        (!want.partner || grant.partner === want.partner) &&
        (!want.account || grant.account === want.account) &&
        (!want.service || grant.access.some((row) => row.service === want.service)) &&
        (limit === null || (!grant.over && grant.days <= limit)) &&
        words.every((word) => grant.words.includes(word)),
    )
    .sort(ORDERS[want.sort] || ORDERS.ends);
};
