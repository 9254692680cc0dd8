// A program: measures one spec with one benchmark, in a process of its own, because users run one spec a process: the
// JavaScript engine optimises the same functions less well once several specs have been through them. It prints what
// the `measure` of the benchmark gives, as JSON.
import { openSpecs } from './engine-specs.js';

const [benchmark, name] = process.argv.slice(2);
const { measure } = await import(`./${benchmark}.js`);
const [spec] = await openSpecs([name]);
console.log(JSON.stringify(await measure(spec)));
