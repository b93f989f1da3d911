const form = byId("filters");
const DEFAULTS = { q: "", partner: "", account: "", status: "live", service: "", days: "", sort: "ends" };
const VIEWS = { list: showList, timeline: showTimeline, graph: showGraph };
let view = "list";

const wanted = () =>
  Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, form.elements[name].value]));

const write = (values) => {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name];
    field.value = name === "days" && !/^\d{1,4}$/.test(value) ? "" : value;
    if (field.value !== value) field.value = DEFAULTS[name];
  }
};

// What is shown stands in the address, so that it can be sent to somebody and found again.
const remember = (values) => {
  const kept = Object.entries({ ...values, view }).filter(
    ([name, value]) => value !== { ...DEFAULTS, view: "list" }[name],
  );
  try {
    history.replaceState(
      null,
      "",
      kept.length ? `#${new URLSearchParams(kept)}` : location.href.split("#")[0],
    );
  } catch {
    /* some places that show files do not allow it */
  }
};

const recall = () => {
  const found = new URLSearchParams(location.hash.slice(1));
  write(
    Object.fromEntries(
      Object.keys(DEFAULTS).map((name) => [name, found.get(name) ?? DEFAULTS[name]]),
    ),
  );
  view = Object.hasOwn(VIEWS, found.get("view")) ? found.get("view") : "list";
};

const tell = (found, values) => {
  const narrowed = Object.keys(DEFAULTS).some(
    (name) => name !== "sort" && values[name] !== DEFAULTS[name],
  );
  const all = ` of ${counts.format(grants.length)} on record`;
  const noun = found.length === 1 ? "grant" : "grants";
  byId("count").textContent = `${counts.format(found.length)} ${noun}${narrowed ? all : ""}`;
  for (const name of Object.keys(DEFAULTS))
    form.elements[name].classList.toggle("set", values[name] !== DEFAULTS[name]);
};

const update = () => {
  const values = wanted();
  const found = chosen(values);
  unfinished.clear();
  for (const [name, show] of Object.entries(VIEWS)) {
    const [place, tab] = [byId(name), byId(`tab-${name}`)];
    place.hidden = name !== view;
    tab.setAttribute("aria-selected", String(name === view));
    tab.tabIndex = name === view ? 0 : -1;
    if (name !== view) place.replaceChildren();
    else if (found.length) show(place, found);
    else
      place.replaceChildren(
        el(
          "p",
          { class: "none" },
          grants.length
            ? "No grant is like that. Change the filters, or reset them."
            : "No grants yet.",
        ),
      );
  }
  tell(found, values);
  remember(values);
};

const want = (values) => {
  write({ ...DEFAULTS, sort: form.elements.sort.value, ...values });
  update();
};

const showGrant = (id) => {
  view = "list";
  opened.add(id);
  update();
  finish();
  const item = byId(`grant-${id}`);
  item.scrollIntoView({ block: "center" });
  item.querySelector("button").focus({ preventScroll: true });
};

const turn = (event) => {
  const names = Object.keys(VIEWS);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  view = names[(names.indexOf(view) + step + names.length) % names.length];
  update();
  byId(`tab-${view}`).focus();
};

const colours = (choice) => {
  if (choice === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  byId("theme").querySelector(`[value="${choice}"]`).checked = true;
};
