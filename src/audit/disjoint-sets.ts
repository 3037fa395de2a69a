/** Sets that only ever grow together (union-find). */

/** Disjoint sets of the numbers below a count. */
export class DisjointSets {
  readonly #parents: Int32Array;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, index) => index);
  }

  /** The number that stands for the set of another: the least of the set. */
  find(member: number): number {
    const parents = this.#parents;
    let root = member;
    while (parents[root] !== root) root = parents[root]!;
    for (let at = member; parents[at] !== root; ) {
      const next = parents[at]!;
      parents[at] = root;
      at = next;
    }
    return root;
  }

  /** Joins the sets of two numbers. @returns whether they were apart */
  join(a: number, b: number): boolean {
    const first = this.find(a);
    const second = this.find(b);
    if (first === second) return false;
    this.#parents[Math.max(first, second)] = Math.min(first, second);
    return true;
  }

  /** The sets of more than one, each in order, in the order of their first members. */
  sets(): number[][] {
    const members = new Map<number, number[]>();
    for (let index = 0; index < this.#parents.length; index++) {
      const root = this.find(index);
      const set = members.get(root);
      if (set) set.push(index);
      else members.set(root, [index]);
    }
    return [...members.values()].filter((set) => set.length > 1);
  }
}
