/** Named parts with options: initializers, regularizers, constraints, schedules. A part is plain data, a name or a name with
 * options, so that what holds it can be saved; its table turns it into a function where it is used. A function of the
 * user's own may stand in its place. */
import { OptionError } from '../core/errors.ts';
import { checkKeys, checkName, checkNumber, checkSwitch, show } from '../core/options.ts';

/** A part with its options: plain data, as it is saved. */
export interface PartConfig<Name extends string = string> {
  readonly name: Name;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A part by its name, with options, or a function of the user's own (which cannot be saved). */
// biome-ignore lint/complexity/noBannedTypes: any function may be a part.
export type Part<Name extends string, Made extends Function> = Name | PartConfig<Name> | Made;

/** A kind of part. A new kind is one of these in its table. */
export interface PartDefinition<Options extends object, Made> {
  /** Every option with its default. Numbers must be finite, and switches true or false. */
  readonly defaults: Options;
  /** The function. @throws OptionError that names `where`, for what the defaults' types do not say */
  make(options: Options, where: string): Made;
}

type Rows<Made> = Readonly<Record<string, PartDefinition<never, Made>>>;

type Factories<R> = {
  readonly [K in keyof R & string]: R[K] extends PartDefinition<infer Options, unknown>
    ? (options?: Partial<Options>) => PartConfig<K>
    : (options?: object) => PartConfig<K>;
};

/** A table of parts: what can be asked of it. */
// biome-ignore lint/complexity/noBannedTypes: any function may be a part.
export interface PartTable<R, Made extends Function> {
  readonly names: readonly (keyof R & string)[];
  /** Functions that make a part: `l2({ l2: 0.1 })`. */
  readonly factories: Factories<R>;
  /** Plain data for what a user gave. @throws OptionError naming the nearest name or option */
  check(where: string, given: unknown): Part<keyof R & string, Made>;
  /** The function of a checked part. */
  make(part: Part<keyof R & string, Made>): Made;
}

/** Turns rows into a table; `what` names its parts in messages: `initializer`. */
// biome-ignore lint/complexity/noBannedTypes: any function may be a part.
export function partTable<Made extends Function, const R extends object>(what: string, rows: R): PartTable<R, Made> {
  type Name = keyof R & string;
  const definitions = rows as unknown as Rows<Made>;
  const names = Object.keys(rows) as Name[];
  const make = (where: string, name: Name, config: object): Made => {
    const { defaults, make } = definitions[name]!;
    checkKeys(where, config, Object.keys(defaults));
    const options = { ...(defaults as object), ...config };
    checkTypes(where, options, defaults);
    return make(options as never, where);
  };
  const check = (where: string, given: unknown): Part<Name, Made> => {
    if (typeof given === 'function') return given as unknown as Made;
    if (typeof given === 'string') return checkName(where, what, given, names);
    if (given === null || typeof given !== 'object' || typeof (given as PartConfig).name !== 'string') {
      throw new OptionError(
        `${where}: expected ${what} as a name, a name with options or a function, received ${show(given)}. Choose from ${names.join(', ')}.`,
      );
    }
    const { name: received, config = {} } = given as PartConfig;
    const name = checkName(where, what, received, names);
    make(`${where}: ${name}`, name, config);
    return { name, config };
  };
  return {
    names,
    factories: Object.fromEntries(
      names.map((name) => [
        name,
        (config: object = {}) => {
          make(name, name, config);
          return { name, config };
        },
      ]),
    ) as unknown as Factories<R>,
    check,
    make(part) {
      if (typeof part === 'function') return part;
      return typeof part === 'string' ? make(part, part, {}) : make(part.name, part.name, part.config);
    },
  };
}

/** An option is what its default is: a number or a switch. Others are checked by their part. */
function checkTypes(where: string, options: object, defaults: object): void {
  for (const [key, value] of Object.entries(options)) {
    const kind = typeof (defaults as Record<string, unknown>)[key];
    if (kind === 'number') checkNumber(where, key, value);
    else if (kind === 'boolean') checkSwitch(where, key, value);
  }
}
