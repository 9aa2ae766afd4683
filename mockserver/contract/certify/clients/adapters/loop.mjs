// The worker's side of the line protocol, for adapters in JavaScript: needs Node alone, from 18 on.
import { createInterface } from 'node:readline';

// The client has no way to say what is asked; the message tells why.
export class Cannot extends Error {}

// For a client whose types take no null: a caller of it leaves out what shall be the default.
export function refuseNull(params) {
  const name = Object.keys(params).find((each) => params[each] === null);
  if (name) throw new Cannot(`the type of ${name} takes no null`);
}

// Says hello, then answers each line of stdin with what its operation's call gives, until stdin ends.
// Whatever else is logged goes to stderr.
export async function serve(hello, calls, raised) {
  console.log = console.info = console.debug = console.error;
  const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
  say({ ready: 1, runtime: `Node ${process.versions.node}`, ...hello });
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const asked = JSON.parse(line);
    say({ id: asked.id, ...(await answer(calls[asked.op], asked, raised)) });
  }
}

async function answer(call, asked, raised) {
  try {
    return { ok: true, value: (await call(asked)) ?? null };
  } catch (error) {
    if (error instanceof Cannot) return { cannot: error.message };
    return { ok: false, error: { ...lineage(error), ...raised(error) } };
  }
}

// What any error tells: its class and those it derives from, and its message.
function lineage(error) {
  const names = [];
  for (let at = Object.getPrototypeOf(error); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(at.constructor.name.replace(/^_/, '')); // bundlers prefix classes that refer to themselves
  }
  if (error instanceof DOMException) names.unshift(error.name); // which alone tells a timeout from an abort
  return { class: names[0], lineage: names, message: error.message };
}

// Applies `upload` to each file of a call, in a list where the caller hands a list.
export async function files(asked, upload) {
  const made = Object.entries(asked.files).map(async ([part, one]) => [
    part,
    Array.isArray(one) ? await Promise.all(one.map(upload)) : await upload(one),
  ]);
  return Object.fromEntries(await Promise.all(made));
}

// A field of an error as the protocol takes it: a string, or null.
export const text = (value) => (value == null ? null : String(value));
