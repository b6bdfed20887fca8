"use strict";
// From shipped scores and weights to an order of targets: what bench/ranking.py does, formula by formula.
// A test drives the page and compares the two to six digits. Whoever changes a formula there changes it here.

const LOW = 0.025, MIDDLE = 0.5, HIGH = 0.975;
const MET = [true, null, false];

/** Return the embedded scores with each value as a number, or as an array of draws. */
function decoded(data) {
  const pool = data.pool.map((text) => unpacked(text, data.steps));
  const value = (packed) => (typeof packed === "number" ? packed : pool[packed.draws]);
  const bases = {};
  for (const [name, basis] of Object.entries(data.bases)) {
    bases[name] = {
      ...basis,
      low: basis.low.map((row) => row.map(value)),
      high: basis.high.map((row) => row.map(value)),
      common: basis.common.map(([one, other, criterion, share, difference, first, second, ...beyond]) => (
        { one, other, criterion, share, difference: value(difference), first, second, beyond: beyond.map(value) })),
    };
  }
  return { ...data, bases };
}

/** Return draws from base64 of little-endian signed 16-bit steps. */
function unpacked(text, steps) {
  const bytes = atob(text);
  const found = new Float64Array(bytes.length / 2);
  for (let at = 0; at < found.length; at += 1) {
    const raw = bytes.charCodeAt(2 * at) | (bytes.charCodeAt(2 * at + 1) << 8);
    found[at] = (raw > 32767 ? raw - 65536 : raw) / steps;
  }
  return found;
}

/** Return the sample at a share of the sorted values; no interpolation. */
function quantile(values, share) {
  if (typeof values === "number") return values;
  return at(Float64Array.from(values).sort(), share);
}

/** Return the place, from 0, of a quantile; it is above a number just where no more draws than its place are not. */
const rank = (share, count) => Math.floor(share * (count - 1) + 0.5);
const at = (ordered, share) => ordered[rank(share, ordered.length)];

/** Add weight times a value, a number or draws, to an array of draws. */
function add(sum, weight, value) {
  if (typeof value === "number") {
    const constant = weight * value;
    for (let draw = 0; draw < sum.length; draw += 1) sum[draw] += constant;
  } else {
    for (let draw = 0; draw < sum.length; draw += 1) sum[draw] += weight * value[draw];
  }
}

/** Weigh the criteria: all totals in order, all pairs, and the leaders. Not all weights are 0. */
function ranking(scores, basisName, weights) {
  const basis = scores.bases[basisName];
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const share = weights.map((weight) => weight / whole);
  const weighed = (rows) => rows.map((row) => {
    const sum = new Float64Array(scores.draws);
    row.forEach((value, criterion) => add(sum, share[criterion], value));
    return sum;
  });
  const low = weighed(basis.low), high = weighed(basis.high);
  const ordered = { low: low.map((one) => Float64Array.from(one).sort()), high: high.map((one) => Float64Array.from(one).sort()) };
  const pairs = pairsOf(scores, basis, share);
  const sum = (known) => known.reduce((total, one, criterion) => total + share[criterion] * one, 0);
  const places = placesOf(low, high, basis.meets, scores.effectFloor);
  const standing = standingOf(basis);
  const chances = chancesOf(low, standing);
  const totals = scores.targets.map((target, index) => ({
    index,
    target: target.name,
    low: at(ordered.low[index], MIDDLE),
    high: at(ordered.high[index], MIDDLE),
    interval: [at(ordered.low[index], LOW), at(ordered.high[index], HIGH)],
    known: sum(basis.known[index]),
    documented: sum(basis.documented[index]),
    place: places[index],
    places: chances[index],
    meets: basis.meets[index],
  }));
  totals.sort((one, other) => standing[one.index] - standing[other.index]
    || other.low - one.low || other.high - one.high || (one.target < other.target ? -1 : 1));
  const leaders = leadsOf(scores, basisName).leaders(share);
  return { totals, pairs, leaders: totals.map((one) => one.index).filter((index) => leaders.includes(index)) };
}

/** Compare each two targets on what both have; below the effect floor, or within the noise, it is a tie. */
function pairsOf(scores, basis, share) {
  const pairs = [];
  for (let one = 0; one < scores.targets.length; one += 1) {
    for (let other = one + 1; other < scores.targets.length; other += 1) {
      const difference = new Float64Array(scores.draws);
      let both = 0, ours = 0, theirs = 0;
      for (const common of basis.common) {
        if (common.one !== one || common.other !== other) continue;
        add(difference, share[common.criterion] * common.share, common.difference);
        const weight = share[common.criterion] * common.share;
        both += weight;
        ours += weight * common.first;
        theirs += weight * common.second;
      }
      const pair = { one, other, relation: "too little in common", difference: 0, interval: [0, 0], share: both };
      pairs.push(pair);
      if (both < scores.commonFloor) continue;
      for (let draw = 0; draw < difference.length; draw += 1) difference[draw] /= both;
      difference.sort();
      const [least, middle, most] = [LOW, MIDDLE, HIGH].map((where) => at(difference, where));
      const floor = scores.effectFloor * Math.max(ours, theirs) / both;
      const apart = Math.abs(middle) > floor;
      Object.assign(pair, {
        relation: apart && least > 0 ? "ahead" : apart && most < 0 ? "behind" : "tie",
        difference: middle,
        interval: [least, most],
      });
    }
  }
  return pairs;
}

/** Return for each target the best and worst place that noise, missing evidence and open requirements leave possible. */
function placesOf(low, high, meets, floor) {
  const places = low.map(() => [1, low.length]);
  const draws = low.length ? low[0].length : 0;
  const spared = rank(LOW, draws);
  for (let one = 0; one < low.length; one += 1) {
    for (let other = 0; other < low.length; other += 1) {
      if (one === other) continue;
      // Who may yet fail is surely before nobody who may yet meet all.
      if (meets[one] !== true && meets[other] !== false) continue;
      if (meets[one] === true && meets[other] === false) {
        places[other][0] += 1;
        places[one][1] -= 1;
        continue;
      }
      let not = 0;
      for (let draw = 0; draw < draws; draw += 1) if ((1 - floor) * low[one][draw] - high[other][draw] <= 0) not += 1;
      if (not <= spared) {
        places[other][0] += 1;
        places[one][1] -= 1;
      }
    }
  }
  return places;
}

/** Return the level of each target: who meets all requirements, who may, who fails one, who was not measured. */
function standingOf(basis) {
  const measured = basis.known.map((row, index) => row.some((known, at) => known > basis.documented[index][at]));
  return basis.meets.map((one, index) => (measured[index] ? MET.indexOf(one) : MET.length));
}

/** Return for each target the share of draws in which it has each place; who is equal shares the best one. */
function chancesOf(low, rank) {
  const draws = low.length ? low[0].length : 0;
  return low.map((own, one) => {
    const counts = new Array(low.length).fill(0);
    for (let draw = 0; draw < draws; draw += 1) {
      let better = 0;
      low.forEach((values, other) => {
        if (rank[other] < rank[one] || (rank[other] === rank[one] && values[draw] > own[draw])) better += 1;
      });
      counts[better] += 1;
    }
    return counts.map((count) => count / draws);
  });
}

/** Return the medians of one bound, targets x criteria; they do not change with the weights. */
function medians(rows) {
  return rows.map((row) => row.map((value) => quantile(value, MIDDLE)));
}
