// Elements are made here only. Whatever comes from the data goes in as text, so none of it is HTML.
const byId = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

const el = (tag, given, ...children) => {
  const made =
    tag === "path" || tag === "svg"
      ? document.createElementNS(SVG, tag)
      : document.createElement(tag);
  for (const [name, value] of Object.entries(given || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on")
      for (const [kind, call] of Object.entries(value)) made.addEventListener(kind, call);
    else if (name === "vars")
      for (const [key, text] of Object.entries(value)) made.style.setProperty(key, text);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
  return made;
};

const text = (value, kind = "text") => el("span", { class: kind }, value);

// The first elements at once, the rest a portion at a time while nothing else is to be done.
const whenIdle = window.requestIdleCallback || ((call) => setTimeout(call, 1));
const unfinished = new Map();

const fill = (place, items, make, first = 40) => {
  place.replaceChildren(...items.slice(0, first).map(make));
  let next = first;
  const more = (portion) => {
    place.append(...items.slice(next, next + portion).map(make));
    next += portion;
    if (next >= items.length) unfinished.delete(place);
  };
  const go = () => {
    if (unfinished.get(place) !== more) return;
    more(60);
    if (unfinished.has(place)) whenIdle(go);
  };
  unfinished.delete(place);
  if (next < items.length) {
    unfinished.set(place, more);
    whenIdle(go);
  }
};

// On paper, and before something far down is shown, everything has to be there.
const finish = () => {
  for (const more of [...unfinished.values()]) more(Infinity);
};
