const BANDS = [
  ["Within 7 days", (grant) => !grant.over && grant.days <= 7],
  ["Within 30 days", (grant) => !grant.over && grant.days <= 30],
  ["Within 90 days", (grant) => !grant.over && grant.days <= 90],
  ["Later", (grant) => !grant.over],
  ["Over", (grant) => grant.over],
];
const SCALES = {
  quarter: ["3 months", 14, 91],
  year: ["1 year", 45, 365],
  long: ["3 years", 120, 1095],
};
let scale = "year";

const percent = (part) => `${(100 * part).toFixed(3)}%`;

const ticksBetween = (start, end) => {
  const step =
    scale === "quarter"
      ? 1
      : scale === "year"
        ? innerWidth < 700
          ? 3
          : 1
        : innerWidth < 700
          ? 12
          : 6;
  const first = new Date(start);
  const ticks = [];
  for (let month = 0; ; month++) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (at > end) return ticks;
    const day = new Date(at);
    if (at >= start && day.getUTCMonth() % step === 0) ticks.push(day);
  }
};

const tickName = (day, index) =>
  day.toLocaleString("en-GB", { month: "short", timeZone: "UTC" }) +
  (day.getUTCMonth() === 0 || index === 0 ? ` ${day.getUTCFullYear()}` : "");

const barRow = (start, end) => (grant) => {
  const share = (at) => Math.min(1, Math.max(0, (at - start) / (end - start)));
  const last = grant.ended || grant.ends || end;
  const [from, to] = [share(grant.from || start), share(last)];
  const kinds = [
    "span",
    `is-${grant.state}`,
    grant.urgency,
    grant.over && "ended",
    grant.from && grant.from < start && "before",
    last > end && "beyond",
  ]
    .filter(Boolean)
    .join(" ");
  const inside = to > 0.82;
  const said = grant.over
    ? `${STATES[grant.state].toLowerCase()} ${dateOf(last)}`
    : last > end
      ? ""
      : `${dateOf(last)}, ${fromNow(last)}`;
  const told = `${STATES[grant.state]}, ${momentOf(grant.from)} to ${momentOf(last)}`;
  return el(
    "li",
    { class: "bar-row", title: `${grant.id}: ${told}` },
    el(
      "button",
      { type: "button", class: "label", on: { click: () => showGrant(grant.id) } },
      grant.partner,
      el("span", { class: "quiet" }, `.${grant.grant}`),
      el("span", { class: "unseen" }, `, ${told}`),
    ),
    el(
      "div",
      { class: "track", "aria-hidden": "true" },
      el("div", {
        class: kinds,
        vars: { "--from": percent(from), "--length": percent(to - from) },
      }),
      said && !inside && el("span", { class: "tip", vars: { "--to": percent(to) } }, said),
      said &&
        inside &&
        to - from > 0.3 &&
        el("span", { class: "tip left", vars: { "--to": percent(to) } }, said),
    ),
  );
};

const showTimeline = (place, found) => {
  const [, back, ahead] = SCALES[scale];
  const [start, end] = [now - back * DAY, now + ahead * DAY];
  const today = percent((now - start) / (end - start));
  const left = new Set(found.filter((grant) => grant.state !== "rejected" && !grant.asked));
  const bands = BANDS.map(([name, belongs]) => {
    const mine = [...left].filter(belongs).sort(ORDERS.ends);
    mine.forEach((grant) => left.delete(grant));
    return [name, mine];
  }).filter(([, mine]) => mine.length);
  const choice = el(
    "fieldset",
    { class: "segments" },
    el("legend", { class: "unseen" }, "Scale"),
    Object.entries(SCALES).map(([key, [name]]) =>
      el(
        "label",
        {},
        el("input", {
          type: "radio",
          name: "scale",
          value: key,
          checked: key === scale,
          on: {
            change: () => {
              scale = key;
              showTimeline(place, found);
              byId("timeline").querySelector(":checked").focus();
            },
          },
        }),
        el("span", {}, name),
      ),
    ),
  );
  place.replaceChildren(
    el("div", { class: "scale" }, choice),
    el(
      "div",
      { class: "axis", "aria-hidden": "true" },
      el("span"),
      el(
        "div",
        { class: "ticks" },
        ticksBetween(start, end).map((day, index) =>
          el(
            "span",
            { vars: { "--at": percent((day - start) / (end - start)) } },
            tickName(day, index),
          ),
        ),
        el("span", { class: "today", vars: { "--at": today } }, "today"),
      ),
    ),
  );
  let room = 60;
  for (const [name, mine] of bands) {
    const rows = el("ul", { "aria-label": name, vars: { "--today": today } });
    place.append(
      el(
        "div",
        { class: "band" },
        el("h3", {}, name, el("span", {}, counts.format(mine.length))),
        rows,
      ),
    );
    fill(rows, mine, barRow(start, end), Math.max(room, 1));
    room -= mine.length;
  }
};
