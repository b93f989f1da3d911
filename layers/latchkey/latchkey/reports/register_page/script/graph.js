const MOST_DRAWN = 120;
const STEP = 28;
const READS = new Set(["read", "consume"]);
const WRITES = new Set(["write", "send", "publish", "put"]);
const manner = (may) =>
  READS.has(may) ? "reads" : WRITES.has(may) ? "writes" : may === "read-write" ? "both" : "other";

// Three columns: partners, their grants (each with its role), and what these reach.
const placed = (drawn) => {
  const nodes = new Map();
  const edges = [];
  const node = (key, column, grant, given) => {
    if (!nodes.has(key)) nodes.set(key, { key, column, at: [], partners: new Set(), ...given });
    nodes.get(key).partners.add(grant.partner);
    return nodes.get(key);
  };
  const byPartner = drawn.filter((grant) => !grant.asked).sort(ORDERS.name);
  byPartner.forEach((grant, index) => {
    const y = index * STEP;
    const own = node(`g ${grant.id}`, 1, grant, { name: grant.grant, grant });
    const partner = node(`p ${grant.partner}`, 0, grant, { name: grant.partner });
    own.at.push(y);
    partner.at.push(y);
    edges.push({ from: partner, to: own, kind: `is-${grant.state}` });
    for (const row of grant.access) {
      const reached = node(`r ${row.service} ${row.name}`, 2, grant, {
        name: row.name,
        service: row.service,
      });
      reached.at.push(y);
      edges.push({ from: own, to: reached, kind: manner(row.may) });
    }
  });
  return { nodes: [...nodes.values()], edges };
};

// Each where its neighbours are on average, as far as those above leave room; answers the height.
const settle = (nodes) => {
  let height = 0;
  for (const column of [0, 1, 2]) {
    const mine = nodes.filter((node) => node.column === column);
    for (const node of mine) node.y = node.at.reduce((sum, y) => sum + y, 0) / node.at.length;
    mine.sort((a, b) => a.y - b.y || a.name.localeCompare(b.name));
    const spare = Math.max(
      0,
      (mine.length - 1) * STEP - Math.max(0, ...mine.map((node) => node.y)),
    );
    let next = -spare / 2;
    for (const node of mine) {
      node.y = Math.max(node.y, next);
      next = node.y + STEP;
    }
    const over = Math.min(0, ...mine.map((node) => node.y));
    for (const node of mine) node.y -= over;
    height = Math.max(height, next - over);
  }
  return height;
};

// Each with its place and width, as parts of the whole; on a telephone there is less in between.
const COLUMNS = [
  ["Partners", 0, 0.19],
  ["Grants and their roles", 0.33, 0.22],
  ["Resources", 0.7, 0.3],
];
const NARROW = [
  ["Partners", 0, 0.27],
  ["Grants", 0.335, 0.28],
  ["Resources", 0.68, 0.32],
];
const columnsFor = (width) => (width < 560 ? NARROW : COLUMNS);

const nodeButton = (node, act, lit, columns) => {
  const [, x, width] = columns[node.column];
  const shared = node.column === 2 && node.partners.size > 1;
  const said =
    node.column === 1
      ? `grant ${node.grant.id}, ${STATES[node.grant.state]}`
      : shared
        ? `${node.name}, reached by ${node.partners.size} partners`
        : node.name;
  return el(
    "button",
    {
      type: "button",
      title: said,
      "aria-label": said,
      class: `node ${node.column === 0 ? "partner" : ""} ${shared ? "shared" : ""}`,
      vars: { "--x": percent(x), "--y": `${node.y}px`, "--w": percent(width) },
      on: {
        click: act,
        pointerenter: () => lit(node),
        pointerleave: () => lit(null),
        focus: () => lit(node),
        blur: () => lit(null),
      },
    },
    node.service && el("span", { class: "service" }, serviceName(node.service)),
    node.grant && el("span", { class: `status is-${node.grant.state}` }),
    text(node.name),
    shared && el("em", {}, `${node.partners.size} partners`),
  );
};

const edgePath = ({ from, to, kind }, width, columns) => {
  const right = (columns[from.column][1] + columns[from.column][2]) * width;
  const left = columns[to.column][1] * width;
  const [y1, y2, middle] = [from.y + 12, to.y + 12, (right + left) / 2];
  return el("path", {
    class: kind,
    d: `M${right} ${y1}C${middle} ${y1} ${middle} ${y2} ${left} ${y2}`,
  });
};

const connected = (node, edges) => {
  const parts = new Set([node]);
  const touched = edges.filter((edge) => edge.from === node || edge.to === node);
  const grantsHere = touched
    .flatMap((edge) => [edge.from, edge.to])
    .filter((other) => other.column === 1);
  for (const edge of edges) {
    if (!touched.includes(edge) && !grantsHere.includes(edge.from) && !grantsHere.includes(edge.to))
      continue;
    parts.add(edge).add(edge.from).add(edge.to);
  }
  return parts;
};

const showGraph = (place, found) => {
  const drawn = found.slice(0, MOST_DRAWN);
  const { nodes, edges } = placed(drawn);
  const height = settle(nodes);
  const lit = (node) => {
    const parts = node ? connected(node, edges) : new Set();
    plane.classList.toggle("dim", Boolean(node));
    for (const part of [...nodes, ...edges]) part.shown.classList.toggle("lit", parts.has(part));
  };
  const acts = [
    (node) => want({ partner: node.name }),
    (node) => showGrant(node.grant.id),
    (node) => want({ q: `"${node.name}"` }),
  ];
  const svg = el("svg", { "aria-hidden": "true" });
  const plane = el("div", { class: "plane", vars: { "--height": `${height}px` } }, svg);
  const rest = found.length - drawn.length;
  const columns = columnsFor(place.clientWidth);
  place.replaceChildren(
    el(
      "div",
      { class: "legend" },
      el(
        "p",
        {},
        rest > 0
          ? `The first ${MOST_DRAWN} grants of ${counts.format(found.length)}; filter for others.`
          : "Choose a partner or a resource to see it alone.",
      ),
      el(
        "div",
        {},
        [
          ["reads", "reads"],
          ["writes", "writes"],
          ["both", "reads and writes"],
          ["", "other"],
        ].map(([kind, name]) => el("span", {}, el("i", { class: kind }), name)),
      ),
    ),
    el(
      "div",
      {
        class: "scroll",
        tabindex: "0",
        role: "group",
        "aria-label": "Graph of partners, grants and resources",
      },
      el(
        "div",
        { class: "columns" },
        columns.map(([name, x]) => el("span", { vars: { "--x": percent(x) } }, name)),
      ),
      plane,
    ),
  );
  for (const node of nodes)
    plane.append((node.shown = nodeButton(node, () => acts[node.column](node), lit, columns)));
  const width = plane.clientWidth;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.append(...edges.map((edge) => (edge.shown = edgePath(edge, width, columns))));
};
