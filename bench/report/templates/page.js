"use strict";
// The controls: weights and basis, kept in the address; whatever they change is drawn again from the shipped draws.

const KEEP_AFTER_MS = 150;
// A weight may be greater than a slider reaches: the verdict may name one that is.
const MOST = 1e6;

/** Return a number with some digits; a tie goes to the even one, as in Python. */
function fixed(value, digits) {
  const doubled = value * 2 ** (digits + 1);
  if (Number.isInteger(doubled) && doubled % 2 !== 0) {
    const below = Math.floor(value * 10 ** digits);
    return ((below % 2 === 0 ? below : below + 1) / 10 ** digits).toFixed(digits);
  }
  return value.toFixed(digits);
}

const percent = (share) => `${fixed(100 * share, 0)}%`;
/** Return a probability; one that never was is a dot, and what rounds to never or always is not called so. */
const chance = (share) => (
  share === 0 ? "·" : share < 0.005 ? "<1%" : share < 1 && share >= 0.995 ? ">99%" : percent(share));
const weightText = (weight) => fixed(weight, 2).replace(/\.?0+$/, "");
const places = ([best, worst]) => (best === worst ? `${best}` : `${best}-${worst}`);
const reach = ([low, high]) => `${fixed(low, 3)} .. ${fixed(high, 3)}`;
const listed = (names) => (
  names.length < 2 ? names[0] ?? "none" : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);
const fill = (template, names) => template.replace(/\{(\w+)\}/g, (_, name) => names[name]);

/** Return a score by its bounds; one that nothing is known of has none. */
function span(low, high) {
  if (low === 0 && high === 1) return "no evidence";
  return high - low < 0.005 ? fixed(low, 2) : `${fixed(low, 2)} .. ${fixed(high, 2)}`;
}

/** Return the sentences of the verdict, as bench/report/sentences.py does. */
function verdict(scores, basisName, weights, found) {
  const told = scores.told;
  if (scores.withheld !== null) {
    return [fill(told.withheld, { why: scores.withheld }), evidence(told, found, told.unclaimed), told.stands];
  }
  const open = isOpen(found);
  return [
    leads(scores, found),
    evidence(told, found, open ? told.open : told.closed),
    turns(scores, basisName, weights, found),
  ];
}

/** Whether what is missing, or the noise, could still change the order. */
function isOpen(found) {
  return found.totals.some((total) => total.place[0] !== total.place[1]);
}

function leads(scores, found) {
  const soFar = isOpen(found) ? scores.told.so_far : "";
  const names = scores.targets.map((target) => target.name);
  const leaders = found.leaders.map((index) => names[index]);
  if (leaders.length === 0) return scores.told[nobody(scores, found)];
  if (leaders.length > 1) return fill(scores.told.together, { leaders: listed(leaders), so_far: soFar });
  const [leader] = found.leaders;
  const ahead = [], level = [];
  const sort = (relation, other) => {
    if (relation === "ahead") ahead.push(names[other]);
    if (relation === "tie") level.push(names[other]);
  };
  for (const pair of found.pairs) if (pair.one === leader) sort(pair.relation, pair.other);
  for (const pair of found.pairs) if (pair.other === leader) sort(turned(pair.relation), pair.one);
  const which = ["leads", ...(ahead.length ? ["ahead"] : []), ...(level.length ? ["level"] : [])].join("_");
  return fill(scores.told[which], {
    leader: names[leader], ahead: listed(ahead), level: listed(level), so_far: soFar,
  });
}

function turned(relation) {
  return { ahead: "behind", behind: "ahead" }[relation] ?? relation;
}

/** Return which sentence says why nobody leads. */
function nobody(scores, found) {
  const meeting = found.totals.filter((one) => one.meets === true);
  if (meeting.length === 0) return "nobody_meets";
  return meeting.some((one) => one.known - one.documented >= scores.commonFloor) ? "nobody" : "nobody_measured";
}

function evidence(told, found, end) {
  const known = found.totals.map((total) => total.known);
  const least = Math.min(...known), most = Math.max(...known);
  const documented = Math.max(...found.totals.map((total) => total.documented));
  const extent = fill(most - least < 0.005 ? told.even : told.range, { least: percent(least), most: percent(most) });
  const documents = documented ? fill(told.documents, { documented: percent(documented) }) : "";
  return fill(told.evidence, { extent, documents, end });
}

/** Return what would change who leads: bench computed it, for the set's own weights alone. */
function turns(scores, basisName, weights, found) {
  const told = scores.bases[basisName].turns;
  const ofAll = !found.totals.some((total) => total.meets === true);
  return ofAll || isOwn(scores, weights) ? told : fill(scores.told.of_own, { turns: told });
}

const isOwn = (scores, weights) => scores.criteria.every((one, index) => one.weight === weights[index]);

/** Return what differs from the set's own view; nothing where it is that. */
function own(scores, basisName, weights) {
  const { told, criteria } = scores;
  const changes = criteria.map((one, index) => ({ criterion: one.name, given: one.weight, new: weights[index] }))
    .filter((one) => one.new !== one.given)
    .map((one) => fill(told.change, { ...one, given: weightText(one.given), new: weightText(one.new) }));
  return [
    ...(changes.length ? [fill(told.changed, { changes: listed(changes) })] : []),
    ...(basisName === "measured" ? [told.measured] : []),
  ];
}

/** Put text into an element only where it differs, so that nothing is announced that did not change. */
function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function start() {
  const element = document.getElementById("scores");
  if (element === null) {
    const follow = () => reveal(location.hash.slice(1));
    addEventListener("hashchange", follow);
    follow();
    return;
  }
  const scores = decoded(JSON.parse(element.textContent));
  const shipped = scores.criteria.map((one) => one.weight);
  const controls = document.getElementById("controls");
  const measured = document.getElementById("measured");
  const sliders = [...controls.querySelectorAll("input[type=range]")];
  const numbers = [...controls.querySelectorAll("input[type=number]")];
  let weights = [...shipped];
  controls.hidden = false;

  const basisName = () => (measured.checked ? "measured" : "all");

  /** Put the view on the page; ``note``: what is wrong with what was asked for. */
  function show(note = "") {
    weights.forEach((weight, index) => {
      sliders[index].value = weight;
      sliders[index].setAttribute("aria-valuetext", weightText(weight));
      if (Number(numbers[index].value) !== weight) numbers[index].value = weight;
    });
    const view = document.getElementById("view");
    tell(view, [...(note ? [note] : []), ...own(scores, basisName(), weights)].join(" "));
    view.hidden = view.textContent === "";
    draw(scores, basisName(), weights, ranking(scores, basisName(), weights));
  }

  function set(index, text) {
    const weight = Number(text);
    if (text === "" || !(weight >= 0) || weight > MOST) return;
    if (weight === 0 && weights.every((other, at) => at === index || other === 0)) {
      show(scores.told.weightless);
      return;
    }
    weights[index] = weight;
    changed();
  }

  let later = 0;
  function changed() {
    show();
    // A slider that is drawn changes more often than browsers let the address change.
    clearTimeout(later);
    later = setTimeout(() => keep(), KEEP_AFTER_MS);
  }

  /** Keep the view in the address; the set's own needs none. */
  function keep(at = "") {
    const parts = [];
    if (weights.some((weight, index) => weight !== shipped[index])) parts.push(`w=${weights.join(",")}`);
    if (measured.checked) parts.push("basis=measured");
    if (at && parts.length) parts.push(`at=${at}`);
    const hash = parts.length ? `#${parts.join("&")}` : at ? `#${at}` : " ";
    history.replaceState(null, "", hash === " " ? location.pathname + location.search : hash);
  }

  /** Take the view from the address; what is not a view, or has a bad value, changes nothing. */
  function restore() {
    const found = new URLSearchParams(location.hash.slice(1));
    if (found.has("w") || found.has("basis")) {
      const given = (found.get("w") ?? "").split(",");
      const values = given.map(Number);
      const good = values.length === shipped.length && values.some((weight) => weight > 0)
        && values.every((weight, index) => (
          given[index].trim() !== "" && weight >= 0 && weight <= MOST));
      weights = good ? values : [...shipped];
      measured.checked = found.get("basis") === "measured";
      show(good || !found.has("w") ? "" : scores.told.bad_address);
      reveal(found.get("at"));
    } else {
      // A link inside the page took the place of the view in the address; the view is put back beside it.
      const at = location.hash.slice(1);
      show();
      reveal(at);
      if (at) keep(at);
    }
  }

  sliders.forEach((slider, index) => slider.addEventListener("input", () => set(index, slider.value)));
  numbers.forEach((number, index) => number.addEventListener("input", () => set(index, number.value)));
  numbers.forEach((number, index) => number.addEventListener("change", () => { number.value = weights[index]; }));
  measured.addEventListener("change", changed);
  document.getElementById("own").addEventListener("click", () => { weights = [...shipped]; changed(); });
  document.getElementById("equal").addEventListener("click", () => { weights = shipped.map(() => 1); changed(); });
  addEventListener("hashchange", restore);
  restore();
}

/** Open the closed sections around an element, and go to it. */
function reveal(id) {
  const found = id ? document.getElementById(id) : null;
  if (found === null) return;
  for (let at = found; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  found.scrollIntoView();
}

/** Put a ranking on the page. */
function draw(scores, basisName, weights, found) {
  const lines = [...document.getElementById("verdict").children];
  verdict(scores, basisName, weights, found).forEach((sentence, index) => tell(lines[index], sentence));
  const body = document.querySelector("#totals tbody");
  const rows = new Map([...body.rows].map((row) => [Number(row.dataset.target), row]));
  found.totals.forEach((total) => {
    drawTotal(rows.get(total.index), total, found, scores.withheld);
    body.append(rows.get(total.index));
  });
  drawChances(found);
  drawPairs(found);
  drawHeat(scores, basisName, weights, found.totals.map((total) => total.index));
  for (const part of document.querySelectorAll("[data-basis]")) part.hidden = part.dataset.basis !== basisName;
}

function drawTotal(row, total, found, withheld) {
  const field = (name) => row.querySelector(`[data-field=${name}]`);
  const leads = withheld === null && found.leaders.includes(total.index);
  Object.assign(row.dataset, {
    low: total.low, high: total.high, begin: total.interval[0], end: total.interval[1],
    known: total.known, documented: total.documented, best: total.place[0], worst: total.place[1], leads,
  });
  field("place").textContent = withheld === null ? places(total.place) : "not claimed";
  field("leads").hidden = !leads;
  field("total").textContent = reach([total.low, total.high]);
  field("interval").textContent = reach(total.interval);
  field("known").textContent = percent(total.known);
  field("documented").textContent = percent(total.documented);
  const chart = row.querySelector("svg");
  const place = (name, values) => {
    const mark = chart.querySelector(name);
    for (const [key, value] of Object.entries(values)) mark.setAttribute(key, `${100 * value}%`);
  };
  const [begin, end] = total.interval;
  place(".reach", { x1: begin, x2: end });
  place(".begin", { x1: begin, x2: begin });
  place(".end", { x1: end, x2: end });
  place(".bounds", { x: total.low, width: total.high - total.low });
  place(".least", { x1: total.low, x2: total.low });
}

/** How often each target has each place; there is no such table where no order is claimed. */
function drawChances(found) {
  const body = document.querySelector("#chances tbody");
  if (body === null) return;
  const rows = new Map([...body.rows].map((row) => [Number(row.dataset.target), row]));
  found.totals.forEach((total) => {
    const row = rows.get(total.index);
    total.places.forEach((share, place) => {
      const cell = row.querySelector(`[data-place="${place}"]`);
      cell.dataset.share = share;
      cell.textContent = chance(share);
    });
    body.append(row);
  });
}

function drawPairs(found) {
  const cell = (one, other) => document.querySelector(`#pairs [data-one="${one}"][data-other="${other}"]`);
  const put = (element, pair, sign) => {
    const relation = sign < 0 ? turned(pair.relation) : pair.relation;
    Object.assign(element.dataset, { relation, difference: sign * pair.difference, share: pair.share });
    element.querySelector("[data-field=relation]").textContent = relation;
    element.querySelector("[data-field=share]").textContent = `on ${percent(pair.share)}`;
  };
  for (const pair of found.pairs) {
    put(cell(pair.one, pair.other), pair, 1);
    put(cell(pair.other, pair.one), pair, -1);
  }
  const order = found.totals.map((total) => total.index);
  arrange("#pairs", order);
  const body = document.querySelector("#pairs tbody");
  const rows = new Map([...body.rows].map((row) => [Number(row.dataset.target), row]));
  if (rows.size) order.forEach((index) => body.append(rows.get(index)));
}

function drawHeat(scores, basisName, weights, order) {
  const low = medians(scores.bases[basisName].low), high = medians(scores.bases[basisName].high);
  for (const cell of document.querySelectorAll("#heat td[data-criterion]")) {
    const at = [Number(cell.dataset.target), Number(cell.dataset.criterion)];
    const least = low[at[0]][at[1]], most = high[at[0]][at[1]];
    const nothing = least === 0 && most === 1;
    cell.classList.toggle("nothing", nothing);
    cell.style.setProperty("--score", nothing ? 0 : least);
    cell.firstElementChild.textContent = span(least, most);
  }
  weights.forEach((weight, index) => {
    document.querySelector(`#heat [data-weight="${index}"]`).textContent = weightText(weight);
  });
  arrange("#heat", order);
}

/** Put the columns of a table, each marked with its target, into an order. */
function arrange(table, order) {
  for (const row of document.querySelectorAll(`${table} tr`)) {
    const cells = new Map([...row.querySelectorAll("[data-target], [data-other]")].map(
      (cell) => [Number(cell.dataset.other ?? cell.dataset.target), cell]));
    if (cells.size) order.forEach((index) => row.append(cells.get(index)));
  }
}

/** Only what really scrolls is a stop of the tab key. */
function framed() {
  for (const frame of document.querySelectorAll(".scroll")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
    else frame.removeAttribute("tabindex");
  }
}

start();
framed();
addEventListener("resize", framed);
addEventListener("toggle", framed, true);
