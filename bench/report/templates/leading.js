"use strict";
// Who leads under given weights: what bench/scoring/leaders.py does, formula by formula. Whoever changes a formula
// there changes it here.

const dot = (values, weights) => values.reduce((sum, value, index) => sum + value * weights[index], 0);
const total = (weights) => weights.reduce((sum, weight) => sum + weight, 0);

/** The leads of each target over each other under one basis; each is put together when it is asked for. */
class Leads {
  constructor(scores, basis) {
    this.scores = scores;
    this.basis = basis;
    this.leads = new Map();
    this.measured = basis.known.map((row, index) => row.map((known, at) => known - basis.documented[index][at]));
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

  /** Return who is eligible and beaten by nobody that is. Documents alone make nobody a leader. */
  leaders(weights) {
    const least = this.scores.commonFloor * total(weights);
    const eligible = this.scores.targets.map((_, index) => index)
      .filter((index) => this.basis.meets[index] === true && dot(this.measured[index], weights) >= least);
    return eligible.filter((one) => !eligible.some((other) => other !== one && this.beats(one, other, weights)));
  }
}

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

/** Return the leads of a basis, which do not change with the weights. */
function leadsOf(scores, basisName) {
  const basis = scores.bases[basisName];
  basis.leads ??= new Leads(scores, basis);
  return basis.leads;
}
