"use strict";
// Who leads, and the smallest change of one weight after which others do: what bench/leading.py and
// bench/turning.py do, formula by formula. Whoever changes a formula there changes it here.

const BEYOND = 1e-9;

const dot = (values, weights) => values.reduce((sum, value, index) => sum + value * weights[index], 0);
const replaced = (weights, index, weight) => weights.map((one, at) => (at === index ? weight : one));

/** The leads of each target over each other under one basis; each is put together when it is asked for. */
class Leads {
  constructor(scores, basis) {
    this.scores = scores;
    this.basis = basis;
    this.leads = new Map();
    this.commons = new Map();
    for (const common of basis.common) {
      const pair = common.one * scores.targets.length + common.other;
      this.commons.set(pair, [...(this.commons.get(pair) ?? []), common]);
    }
  }

  /** Return how far the other is ahead of the one in each criterion, with what only the other has evidence of. */
  over(one, other) {
    const key = one * this.scores.targets.length + other;
    if (!this.leads.has(key)) this.leads.set(key, this.lead(one, other));
    return this.leads.get(key);
  }

  lead(one, other) {
    const none = () => this.scores.criteria.map(() => 0);
    const found = { ahead: none(), both: none(), ours: none(), theirs: none() };
    const first = Math.min(one, other), second = Math.max(one, other), turned = one !== first;
    for (const common of this.commons.get(first * this.scores.targets.length + second) ?? []) {
      const beyond = common.beyond[turned ? 0 : 1], at = common.criterion;
      found.ahead[at] = combined(turned ? common.share : -common.share, common.difference, beyond);
      found.both[at] = common.share;
      found.ours[at] = common.share * (turned ? common.second : common.first);
      found.theirs[at] = common.share * (turned ? common.first : common.second) + quantile(beyond, MIDDLE);
    }
    return found;
  }

  /** Whether the other is ahead beyond the noise and the effect floor, or there is too little to say. */
  beats(one, other, weights) {
    const lead = this.over(one, other), { scores } = this;
    if (dot(lead.both, weights) < scores.commonFloor * total(weights)) return true;
    const floor = scores.effectFloor * Math.max(dot(lead.ours, weights), dot(lead.theirs, weights));
    const ahead = weighed(lead.ahead, weights, scores.draws);
    let notAbove = 0, notBeyond = 0;
    for (let draw = 0; draw < ahead.length; draw += 1) {
      if (ahead[draw] <= 0) notAbove += 1;
      if (ahead[draw] <= floor) notBeyond += 1;
    }
    return notAbove <= rank(LOW, scores.draws) && notBeyond <= rank(MIDDLE, scores.draws);
  }

  /** Return of each that is eligible the first that beats it; undefined of those that lead. */
  beaten(weights) {
    const least = this.scores.commonFloor * total(weights);
    const eligible = this.scores.targets.map((_, index) => index)
      .filter((index) => this.basis.meets[index] === true && dot(this.basis.known[index], weights) >= least);
    return new Map(eligible.map((one) => (
      [one, eligible.find((other) => other !== one && this.beats(one, other, weights))])));
  }

  leaders(weights) {
    return leading(this.beaten(weights));
  }
}

const total = (weights) => weights.reduce((sum, weight) => sum + weight, 0);
const leading = (beaten) => [...beaten].filter(([, beating]) => beating === undefined).map(([one]) => one);

/** Return a share of a value and all of another, each a number or draws. */
function combined(share, value, other) {
  if (typeof value === "number" && typeof other === "number") return share * value + other;
  const length = (typeof value === "number" ? other : value).length;
  const found = new Float64Array(length);
  add(found, share, value);
  add(found, 1, other);
  return found;
}

/** Return the weighted sum of values, each a number or draws, as draws. */
function weighed(values, weights, draws) {
  const constant = values.reduce((sum, value, index) => (typeof value === "number" ? sum + weights[index] * value : sum), 0);
  const sum = new Float64Array(draws).fill(constant);
  values.forEach((value, index) => {
    if (typeof value !== "number" && weights[index] !== 0) add(sum, weights[index], value);
  });
  return sum;
}

/** Return the smallest relative change of one weight after which others lead; null if none does. */
function turning(scores, basisName, weights) {
  const leads = leadsOf(scores, basisName);
  for (const reach of scores.reaches) {
    const found = smallest(leads, weights, reach);
    if (found !== null) {
      const changed = replaced(weights, found.criterion, found.weight);
      return { ...found, leaders: ranking(scores, basisName, changed).leaders };
    }
  }
  return null;
}

/** Return the smallest change within a reach, as a share of the weight; the first of equal ones; null if there is none. */
function smallest(leads, weights, reach) {
  const now = leads.beaten(weights);
  let least = reach, found = null;
  weights.forEach((given, criterion) => {
    if (given <= 0) return;
    for (const weight of nearest(leads, weights, criterion, now, least)) {
      const change = Math.abs(weight - given) / given;
      if (found === null || change < least - 4 * BEYOND * (1 + least)) {
        least = change;
        found = { criterion, given, weight };
      }
    }
  });
  return found;
}

/** Return below and above a weight the nearest at which others lead, at most so far away as a share of it. */
function nearest(leads, given, criterion, now, within) {
  const weight = given[criterion];
  const ends = [weight * Math.max(0, 1 - within), weight * (1 + within)];
  const crossings = new Crossings(leads, given, criterion, ends);
  const leaders = leading(now).join();
  const found = [];
  for (const up of [false, true]) {
    let crossing = weight;
    while (crossing !== null) {
      const at = crossing * (up ? 1 + BEYOND : 1 - BEYOND);
      const beaten = leads.beaten(replaced(given, criterion, at));
      if (leading(beaten).join() !== leaders) {
        found.push(at);
        break;
      }
      crossing = crossings.next(beaten, at, up);
    }
  }
  return found;
}

/** The weights of one criterion between two ends at which it may change who beats whom, or who is eligible. */
class Crossings {
  constructor(leads, given, criterion, ends) {
    Object.assign(this, { leads, criterion, ends, rest: replaced(given, criterion, 0), between: new Map() });
    this.eligible = leads.basis.known.map((known) => this.share(known));
  }

  /** Return the nearest crossing that may change who leads. */
  next(beaten, at, up) {
    const found = [...this.eligible];
    for (const [one, beating] of beaten) {
      // One that leads may be beaten by any other; one that does not stays beaten as long as one beats it.
      for (const other of beating === undefined ? beaten.keys() : [beating]) {
        if (other !== one) found.push(...this.of(one, other));
      }
    }
    const [low, high] = this.ends;
    const inside = found.filter((weight) => (up ? at < weight && weight < high : low < weight && weight < at));
    if (inside.length === 0) return null;
    return inside.reduce((one, other) => (up ? Math.min(one, other) : Math.max(one, other)));
  }

  of(one, other) {
    const key = one * this.leads.scores.targets.length + other;
    if (!this.between.has(key)) this.between.set(key, this.crossings(this.leads.over(one, other)));
    return this.between.get(key);
  }

  crossings(lead) {
    const { scores } = this.leads;
    const start = weighed(lead.ahead, this.rest, scores.draws), slope = lead.ahead[this.criterion];
    const found = [this.share(lead.both), ...crossed(start, slope, 0, 0, rank(LOW, scores.draws), this.ends)];
    for (const floor of [lead.ours, lead.theirs]) {
      const line = [dot(floor, this.rest), floor[this.criterion]].map((value) => scores.effectFloor * value);
      found.push(...crossed(start, slope, ...line, rank(MIDDLE, scores.draws), this.ends));
    }
    return found;
  }

  /** Return the weight at which what is known is just enough of all; not a number where none is. */
  share(known) {
    const floor = this.leads.scores.commonFloor;
    const short = floor * total(this.rest) - dot(known, this.rest), slope = known[this.criterion] - floor;
    return slope ? short / slope : NaN;
  }
}

/** Return the weights at which it changes whether all but so many draws are above a line. */
function crossed(start, slope, offset, incline, spared, [low, high]) {
  const steady = typeof slope === "number" ? slope - incline : null;
  const entering = [], leaving = [];
  let below = 0, ever = 0, always = 0;
  for (let draw = 0; draw < start.length; draw += 1) {
    const from = start[draw] - offset, rise = steady ?? slope[draw] - incline;
    const atLow = from + low * rise <= 0, atHigh = from + high * rise <= 0;
    if (atLow) below += 1;
    if (atLow || atHigh) ever += 1;
    if (atLow && atHigh) always += 1;
    if (atLow !== atHigh) (atHigh ? entering : leaving).push(-from / rise);
  }
  if (ever <= spared || always > spared) return [];
  const steps = merged(Float64Array.from(entering).sort(), Float64Array.from(leaving).sort());
  let holds = below <= spared;
  return steps.filter(([, step]) => {
    below += step;
    const held = holds;
    holds = below <= spared;
    return held !== holds;
  }).map(([weight]) => weight);
}

/** Return two sorted lists as one, each weight with what it adds. */
function merged(entering, leaving) {
  const found = [];
  for (let one = 0, other = 0; one < entering.length || other < leaving.length;) {
    if (other >= leaving.length || entering[one] <= leaving[other]) found.push([entering[one++], 1]);
    else found.push([leaving[other++], -1]);
  }
  return found;
}

/** Return the leads of a basis, which do not change with the weights. */
function leadsOf(scores, basisName) {
  const basis = scores.bases[basisName];
  basis.leads ??= new Leads(scores, basis);
  return basis.leads;
}
