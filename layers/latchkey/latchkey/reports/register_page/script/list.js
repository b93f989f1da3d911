const opened = new Set();

const until = (grant) => {
  if (grant.state === "rejected" || grant.asked) return el("div", { class: "until quiet" }, "never granted");
  const at = grant.ended || grant.ends;
  return el(
    "div",
    { class: "until" },
    el("div", {}, el("span", { class: "unseen" }, grant.over ? "ended " : "ends "), dateOf(at)),
    el("div", { class: grant.urgency || "quiet" }, at ? fromNow(at) : ""),
  );
};

const toggle = (grant, row, button) => {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  if (open) row.after(details(grant));
  else row.nextElementSibling.remove();
  if (open) opened.add(grant.id);
  else opened.delete(grant.id);
};

const SHOWN = 3;

const grantItem = (grant) => {
  const rest = grant.access.length - SHOWN;
  const shown = rest === 1 ? grant.access : grant.access.slice(0, SHOWN);
  const button = el(
    "button",
    { type: "button", "aria-expanded": "false", "aria-controls": `details-${grant.id}` },
    grant.partner,
    el("span", { class: "of" }, `.${grant.grant}`),
  );
  const row = el(
    "div",
    { class: "row" },
    el(
      "div",
      {},
      el("h3", {}, button),
      el("p", { class: "text clamp" }, grant.purpose),
      inSeveral && grant.account && el("p", { class: "quiet" }, `in account ${grant.account}`),
    ),
    el(
      "ul",
      { class: "access" },
      shown.map(accessItem),
      rest > 1 && el("li", { class: "quiet" }, `and ${rest} more`),
    ),
    until(grant),
    el(
      "div",
      {},
      el(
        "div",
        { class: `status is-${grant.state}` },
        el("span", {}, STATES[grant.state] || grant.state),
      ),
      grant.waits &&
        el("div", { class: "found" }, grant.asked ? "waits for approval" : "a change waits"),
      grant.look &&
        el(
          "div",
          { class: "found" },
          grant.findings.length ? `${grant.findings.length} to look at` : "see why",
        ),
    ),
    el(
      "div",
      { class: "owner" },
      el("div", { class: "text clip", title: grant.owner }, grant.owner),
    ),
  );
  const item = el(
    "li",
    { class: grant.over ? "grant over" : "grant", id: `grant-${grant.id}` },
    row,
  );
  button.addEventListener("click", () => toggle(grant, row, button));
  if (opened.has(grant.id)) toggle(grant, row, button);
  return item;
};

const showList = (place, found) => {
  const list = el("ul", { class: "grants", "aria-label": "Grants" });
  place.replaceChildren(
    el(
      "div",
      { class: "head", "aria-hidden": "true" },
      ["Grant", "May reach", "Until", "Status", "Owner"].map((name) => el("span", {}, name)),
    ),
    list,
  );
  fill(list, found, grantItem);
};
