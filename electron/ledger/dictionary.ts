/** Numbers strings in the order in which they first came. */
export class Dictionary {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  get size(): number {
    return this.#texts.length;
  }

  /** The number of a string, a new one when it was not there. */
  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.length;
      this.#numbers.set(text, number);
      this.#texts.push(text);
    }
    return number;
  }

  textOf(number: number): string {
    const text = this.#texts[number];
    if (text === undefined) throw new RangeError('a dictionary has no such number');
    return text;
  }

  /** All strings, by number. */
  texts(): readonly string[] {
    return this.#texts;
  }
}
