/**
 * Nodes joined by segments with costs, and the constant that each node owes (below zero) or has prepaid (above) against
 * the settled node 0. A segment pays its cost and the difference of its ends.
 */
export class Potentials {
  #nodes = 0;
  #parent = new Int32Array(256);
  /** against the parent */
  #offset = new Float64Array(256);
  #mustOwe = new Uint8Array(256);
  #segments = 0;
  #from = new Int32Array(256);
  #to = new Int32Array(256);
  #cost = new Float64Array(256);
  /** slot of a segment, or the complement of the event where a missing else would pay */
  #slot = new Int32Array(256);
  #weight = new Uint8Array(256);
  readonly #united: number[] = [];
  readonly #owing: number[] = [];

  reset(): void {
    this.#nodes = 0;
    this.#segments = 0;
    this.#united.length = 0;
    this.#owing.length = 0;
  }

  addNode(): number {
    if (this.#nodes === this.#parent.length) this.#growNodes();
    this.#mustOwe[this.#nodes] = 0;
    return this.#nodes++;
  }

  /** A check may look at this node: nothing may be prepaid there, or fuel would seem used that is not. */
  demandOwing(node: number): void {
    this.#owing.push(node);
  }

  /** Makes two nodes one. */
  unite(a: number, b: number): void {
    if (a !== b) this.#united.push(a, b);
  }

  addSegment(from: number, to: number, cost: number, slot: number, weight: number): void {
    if (this.#segments === this.#from.length) this.#growSegments();
    const segment = this.#segments++;
    this.#from[segment] = from;
    this.#to[segment] = to;
    this.#cost[segment] = cost;
    this.#slot[segment] = slot;
    this.#weight[segment] = weight;
  }

  /** The way past an `if` without else that ends at `event`. */
  addElse(from: number, to: number, event: number, weight: number): void {
    this.addSegment(from, to, 0, ~event, weight);
  }

  /** Writes what every segment pays. The simple form owes nothing anywhere. */
  solve(isSimple: boolean, charge: Float64Array, elseCharge: Float64Array): void {
    if (isSimple || this.#segments === 1) {
      this.#payEach(charge, elseCharge);
      return;
    }
    this.#settle();
    for (let i = 0; i < this.#segments; i++) {
      const difference = this.#potentialOf(this.#to[i]!) - this.#potentialOf(this.#from[i]!);
      const slot = this.#slot[i]!;
      const amount = this.#cost[i]! + difference;
      if (slot >= 0) charge[slot] = amount;
      else elseCharge[~slot] = amount;
    }
  }

  #payEach(charge: Float64Array, elseCharge: Float64Array): void {
    for (let i = 0; i < this.#segments; i++) {
      const slot = this.#slot[i]!;
      if (slot >= 0) charge[slot] = this.#cost[i]!;
      else elseCharge[~slot] = this.#cost[i]!;
    }
  }

  /** The cost of every path from `a` to `b`; null when paths differ or there is none. */
  constantBetween(a: number, b: number): number | null {
    this.#join();
    for (let i = 0; i < this.#segments; i++) {
      if (this.#potentialOf(this.#to[i]!) - this.#potentialOf(this.#from[i]!) !== -this.#cost[i]!) return null;
    }
    return this.#find(a) === this.#find(b) ? this.#potentialOf(a) - this.#potentialOf(b) : null;
  }

  #settle(): void {
    for (let round = 0; ; round++) {
      this.#join();
      let hasPrepaid = false;
      const settled = this.#potentialOf(0);
      for (const node of this.#owing) {
        if (this.#mustOwe[node] === 1) continue;
        if (round < 3 && this.#potentialOf(node) <= settled) continue;
        this.#mustOwe[node] = 1;
        hasPrepaid = true;
      }
      if (!hasPrepaid) return;
    }
  }

  /** A spanning tree of the heaviest segments, earlier ones first among equals; potentials follow from it. */
  #join(): void {
    for (let node = 0; node < this.#nodes; node++) {
      this.#parent[node] = node;
      this.#offset[node] = 0;
    }
    for (let i = 0; i < this.#united.length; i += 2) this.#merge(this.#united[i]!, this.#united[i + 1]!, 0);
    for (const node of this.#owing) if (this.#mustOwe[node] === 1) this.#merge(0, node, 0);
    let weight = 0;
    for (let i = 0; i < this.#segments; i++) weight = Math.max(weight, this.#weight[i]!);
    while (weight >= 0) weight = this.#mergeWeight(weight);
  }

  #mergeWeight(weight: number): number {
    let next = -1;
    for (let i = 0; i < this.#segments; i++) {
      const each = this.#weight[i]!;
      if (each === weight) this.#merge(this.#from[i]!, this.#to[i]!, this.#cost[i]!);
      else if (each < weight && each > next) next = each;
    }
    return next;
  }

  /** Lets `to` stand `cost` below `from`, unless they are joined already. */
  #merge(from: number, to: number, cost: number): void {
    const fromRoot = this.#find(from);
    const toRoot = this.#find(to);
    if (fromRoot === toRoot) return;
    this.#parent[toRoot] = fromRoot;
    this.#offset[toRoot] = this.#offsetOf(from) - cost - this.#offsetOf(to);
  }

  #potentialOf(node: number): number {
    this.#find(node);
    return this.#offsetOf(node);
  }

  /** Offset of a node whose parent is its root, or that is the root. */
  #offsetOf(node: number): number {
    return this.#parent[node] === node ? 0 : this.#offset[node]!;
  }

  /** The root of a node; afterwards the root is its parent. */
  #find(node: number): number {
    let root = node;
    let total = 0;
    while (this.#parent[root] !== root) {
      total += this.#offset[root]!;
      root = this.#parent[root]!;
    }
    let each = node;
    while (this.#parent[each] !== root && each !== root) {
      const parent = this.#parent[each]!;
      const offset = this.#offset[each]!;
      this.#parent[each] = root;
      this.#offset[each] = total;
      total -= offset;
      each = parent;
    }
    return root;
  }

  #growNodes(): void {
    const size = this.#parent.length * 2;
    this.#parent = new Int32Array(size);
    this.#offset = new Float64Array(size);
    const mustOwe = new Uint8Array(size);
    mustOwe.set(this.#mustOwe);
    this.#mustOwe = mustOwe;
  }

  #growSegments(): void {
    const size = this.#from.length * 2;
    const copy = <T extends { set(from: T): void }>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#from = copy(this.#from, new Int32Array(size));
    this.#to = copy(this.#to, new Int32Array(size));
    this.#cost = copy(this.#cost, new Float64Array(size));
    this.#slot = copy(this.#slot, new Int32Array(size));
    this.#weight = copy(this.#weight, new Uint8Array(size));
  }
}
