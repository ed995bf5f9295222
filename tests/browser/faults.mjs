// What was found wrong; the run goes on, so that one run tells all.
export const faults = [];
let done = 0;

export function must(is, what) {
  done += 1;
  if (!is) faults.push(what);
  return is;
}

export const same = (found, wanted, what) =>
  must(JSON.stringify(found) === JSON.stringify(wanted), `${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);

// One part of the tests; what it throws is one more fault.
export async function part(name, run) {
  const began = Date.now();
  try {
    await run();
  } catch (error) {
    faults.push(`${name}: ${error.message.split("\n").slice(0, 6).join(" / ")}`);
  }
  console.log(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

export function told() {
  console.log(`${done} things looked at, ${faults.length} wrong`);
  for (const fault of faults) console.log(`WRONG ${fault}`);
  return faults.length ? 1 : 0;
}
