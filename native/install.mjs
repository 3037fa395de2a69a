/** Runs when the package is installed, and for `npm run build`: makes sure of a native addon where that is possible.
 * It never fails an installation, because WebAssembly works everywhere; CAJAL_REQUIRE_NATIVE=1 makes it strict,
 * CAJAL_SKIP_NATIVE=1 makes it do nothing, and `--force` builds even where a prebuilt addon loads. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));

/** True where the prebuilt addon for this machine is in the package and loads. */
function hasPrebuild() {
  try {
    require(path.join(here, '..', 'prebuilds', `${process.platform}-${process.arch}.node`));
    return true;
  } catch {
    return false;
  }
}

/** The folder above `include/node/node_api.h`: beside this Node, or of another Node on this machine (the interface
 * that the addon uses is the same in all of them). */
function headersFolder() {
  const beside = path.resolve(process.execPath, '..', '..');
  const onPath = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.resolve(folder, '..'));
  const folders = [beside, ...onPath, '/usr', '/usr/local', '/opt/homebrew'];
  return folders.find((folder) => existsSync(path.join(folder, 'include', 'node', 'node_api.h')));
}

/** npm's own node-gyp, or the one among the dependencies. */
function nodeGyp() {
  if (process.env.npm_config_node_gyp) return process.env.npm_config_node_gyp;
  try {
    return path.join(path.dirname(require.resolve('node-gyp/package.json')), 'bin', 'node-gyp.js');
  } catch {
    return undefined;
  }
}

/** Builds the addon. @returns {string | undefined} why that did not work */
function build() {
  if (process.platform === 'win32') return 'the kernels need GCC or Clang';
  const script = nodeGyp();
  if (!script) return 'node-gyp was not found';
  const headers = headersFolder();
  const args = [
    script,
    'configure',
    'build',
    '--release',
    `--directory=${here}`,
    ...(headers ? [`--nodedir=${headers}`] : []),
  ];
  const { status, error, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, JOBS: 'max' },
  });
  if (status === 0) return undefined;
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /error|ERR!/i.test(line));
  return error?.message ?? lines.slice(0, 3).join('\n') ?? `node-gyp ended with ${status}`;
}

function install() {
  if (process.env.CAJAL_SKIP_NATIVE === '1') return;
  if (!process.argv.includes('--force') && hasPrebuild()) return;
  const problem = build();
  if (problem === undefined) return;
  console.error(`cajal: the native addon was not built: ${problem}`);
  console.error('cajal: everything works without it, in WebAssembly, a few times slower.');
  console.error('cajal: for the native backend install g++, make and python3, then run `npm rebuild cajal`.');
  if (process.env.CAJAL_REQUIRE_NATIVE === '1') process.exitCode = 1;
}

install();
