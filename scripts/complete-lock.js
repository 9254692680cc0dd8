// Run after `npm install` where the registry serves the binaries of one platform only: npm then leaves those of the
// other platforms out of package-lock.json, and `npm ci` refuses it. This adds them, by the exact versions that the
// packages themselves ask for, bound to their platforms by the parts of their names.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const PROCESSORS = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  arm: 'arm',
  'arm-eabi': 'arm',
  riscv64: 'riscv64',
  ppc64: 'ppc64',
  s390x: 's390x',
  loong64: 'loong64',
  mips64el: 'mips64el',
};

let added = 0;
for (const [holder, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (`node_modules/${name}` in lock.packages || `${holder}/node_modules/${name}` in lock.packages)
      continue;
    if (!/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev && { dev }),
      optional: true,
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);

function platformOf(name) {
  const parts = name.split(/[-/]/);
  const os = SYSTEMS.filter(system => parts.includes(system));
  const cpu = [...new Set(parts.map(part => PROCESSORS[part]).filter(Boolean))];
  if (parts.includes('wasm32')) return { cpu: ['wasm32'] };
  return { ...(cpu.length > 0 && { cpu }), ...(os.length > 0 && { os }) };
}
