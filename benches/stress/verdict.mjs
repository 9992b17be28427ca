// What a script was asked to do, and what it found: promises with their figures, and the exit code.
import { parseArgs } from "node:util";

/** What stands on the command line: seconds of load, or rounds, the database, and whether one node is enough. */
export function options(seconds, rounds = 1) {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string" },
      minutes: { type: "string" },
      rounds: { type: "string", default: String(rounds) },
      "one-node": { type: "boolean", default: false },
      sqlite: { type: "boolean", default: false },
    },
  });
  if (!/^[1-9]\d{0,4}$/.test(values.rounds)) {
    console.error("--rounds: a whole number above 0");
    process.exit(2);
  }
  const asked = values.minutes ? Number(values.minutes) * 60 : Number(values.seconds ?? seconds);
  if (!(asked > 0 && asked <= 7_200)) {
    console.error("--seconds and --minutes: a number above 0, and two hours at the most");
    process.exit(2);
  }
  return { seconds: asked, rounds: Number(values.rounds), sqlite: values.sqlite, oneNode: values["one-node"] };
}

let broken = 0;

/** Says a figure that nothing is promised of. */
export function tell(what, figure) {
  console.log(`        ${what}: ${figure}`);
}

/** Says whether a promise is held, with the figure that shows it. */
export function expect(promise, held, figure) {
  broken += held ? 0 : 1;
  console.log(`${held ? "held  " : "BROKEN"}  ${promise}: ${figure}`);
}

/** Runs a script, and ends the process with what it found. Servers end with the process. */
export async function judge(script) {
  try {
    await script();
  } catch (error) {
    console.error(error);
    broken += 1;
  }
  console.log(broken === 0 ? "every promise is held" : `${broken} broken`);
  process.exit(broken === 0 ? 0 : 1);
}

/** A time in milliseconds, as it is read. */
export const ms = (time) => (time >= 100 ? `${Math.round(time)} ms` : `${time.toFixed(1)} ms`);

/** A size in bytes, as it is read. */
export const mib = (bytes) => `${(bytes / 1_048_576).toFixed(1)} MiB`;
