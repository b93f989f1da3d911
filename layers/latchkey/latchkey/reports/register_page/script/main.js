const optionsFor = (name, pairs) =>
  form.elements[name].append(...pairs.map(([value, shown]) => el("option", { value }, shown)));
const sorted = (values) => [...new Set(values)].sort((a, b) => a.localeCompare(b));

const files = register.files || [];

const showFiles = () => {
  if (!files.length) return;
  const list = files.map((file) =>
    el("li", {}, text(file.file), file.grant ? ` (${file.grant})` : "", `, ${file.at}`),
  );
  byId("files").append(
    `${counts.format(files.length)} ${files.length === 1 ? "file was" : "files were"} not granted; ` +
      "what was granted before stays. latchkey problems says why:",
    el("ul", {}, ...list),
  );
  byId("files").hidden = false;
};

const figures = () => {
  const live = grants.filter((grant) => !grant.over && !grant.asked);
  const waits = grants.filter((grant) => grant.waits).length;
  const upcoming = live.filter((grant) => grant.state === "upcoming").length;
  const soon = live.filter((grant) => grant.days <= SOON).length;
  const look = live.filter((grant) => grant.look).length;
  const suspended = live.filter((grant) => grant.state === "suspended").length;
  const given = live.filter((grant) => grant.state !== "upcoming" && grant.state !== "suspended");
  const over = grants.filter((grant) => grant.ended && grant.ended > now - SOON * DAY).length;
  return [
    [live.length - upcoming, "live grants", {}],
    [upcoming, "not yet begun", { status: "upcoming" }],
    [new Set(given.map((grant) => grant.partner)).size, "partners with access", { sort: "name" }],
    [soon, `end within ${SOON} days`, { days: String(SOON) }, soon && "warn"],
    [suspended, "suspended", { status: "suspended" }],
    [waits, "wait for approval", { status: "waits" }, waits && "warn"],
    [look + files.length, "need a look", { status: "look" }, (look || files.length) && "bad"],
    [over, `ended in the last ${SOON} days`, { status: "over" }],
  ];
};

const start = () => {
  optionsFor(
    "partner",
    sorted(grants.map((grant) => grant.partner)).map((name) => [name, name]),
  );
  optionsFor(
    "account",
    accounts.map((id) => [id, id]),
  );
  byId("accounts").hidden = !inSeveral;
  optionsFor(
    "service",
    sorted(grants.flatMap((grant) => grant.access.map((row) => row.service))).map((name) => [
      name,
      serviceName(name),
    ]),
  );
  byId("figures").append(
    ...figures().map(([number, name, values, kind]) =>
      el(
        "li",
        { class: kind || "" },
        el(
          "button",
          { type: "button", on: { click: () => want(values) } },
          el("b", {}, counts.format(number)),
          el("span", {}, name),
        ),
      ),
    ),
  );
  byId("built").append(text(register.stack), `, as of ${momentOf(built)} UTC`);
  if (now - built > 1.5 * DAY) {
    byId("stale").textContent =
      `This page was made ${fromNow(built)}. It is made anew every day and after changes: ` +
      "look for a newer one.";
    byId("stale").hidden = false;
  }
  showFiles();
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(update));
  byId("print").addEventListener("click", () => window.print());
  for (const name of Object.keys(VIEWS))
    byId(`tab-${name}`).addEventListener("click", () => {
      view = name;
      update();
    });
  document.querySelector("[role=tablist]").addEventListener("keydown", turn);
  byId("theme").addEventListener("change", (event) => {
    colours(event.target.value);
    try {
      localStorage.setItem("latchkey-theme", event.target.value);
    } catch {
      /* kept for this page only */
    }
  });
  try {
    colours({ light: "light", dark: "dark" }[localStorage.getItem("latchkey-theme")] || "auto");
  } catch {
    colours("auto");
  }
  addEventListener("beforeprint", finish);
  addEventListener("hashchange", () => {
    recall();
    update();
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width && view !== "list") {
      width = innerWidth;
      update();
    }
  });
  recall();
  update();
};
start();
