/** Installs the peers into throw-away folders below `build/compare/`, with the versions that the files here pin, and writes
 * the ONNX files. What cannot be had is a reason, not an exception. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonIn } from './contestant-process.ts';
import type { EnvironmentName } from './contestants.ts';

/** The folder of the scripts and pinned versions. */
export const sourceFolder: string = fileURLToPath(new URL('.', import.meta.url));
/** The root of the project. */
export const root: string = path.join(sourceFolder, '../..');
/** Where everything is installed. */
export const buildFolder: string = path.join(root, 'build/compare');

/** The program to run an environment's scripts with and, for Node, the folder of the packages; or why there is none. */
export type Installed = { readonly program: string; readonly folder: string } | { readonly reason: string };

/** Runs a program in a folder. @throws Error with the line of its output that says what went wrong */
export function run(
  program: string,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${path.basename(program)}: ${reasonIn(`${stdout}\n${stderr}`)}`);
}

function attempt(install: () => Installed): Installed {
  try {
    return install();
  } catch (error) {
    return { reason: `could not be installed (${(error as Error).message})` };
  }
}

/** Installs again only where what is pinned has changed since a complete installation. */
function unlessStamped(pinned: string, folder: string, install: () => void): void {
  const stamp = path.join(folder, 'installed.txt');
  const wanted = readFileSync(pinned, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  install();
  writeFileSync(stamp, wanted);
}

/** A Python environment: one with its name below `given`, or a new one. */
export function setUpPython(name: EnvironmentName, given: string | undefined): Installed {
  const program = path.join('bin', 'python');
  const existing = given && path.join(path.resolve(given), name);
  if (existing && existsSync(path.join(existing, program))) {
    return { program: path.join(existing, program), folder: existing };
  }
  return attempt(() => {
    const folder = path.join(buildFolder, 'python', name);
    const pinned = path.join(sourceFolder, `requirements-${name}.txt`);
    unlessStamped(pinned, folder, () => {
      run('python3', ['-m', 'venv', folder], buildFolder);
      run(path.join(folder, program), ['-m', 'pip', 'install', '--quiet', '-r', pinned], buildFolder);
    });
    return { program: path.join(folder, program), folder };
  });
}

/** The folder of the Node peers: `given`, or a new one. Their install scripts do not run. */
export function setUpNode(given: string | undefined): Installed {
  if (given) return { program: process.execPath, folder: path.resolve(given) };
  return attempt(() => {
    const folder = path.join(buildFolder, 'node');
    const pinned = path.join(sourceFolder, 'package.json');
    unlessStamped(pinned, folder, () => {
      copyFileSync(pinned, path.join(folder, 'package.json'));
      const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
      run(npm, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], folder);
    });
    return { program: process.execPath, folder };
  });
}

/** The ONNX file of a workload, written from PyTorch; a reason where there is none. */
export function writeOnnx(workload: string, network: string, torch: Installed): string | { readonly reason: string } {
  if ('reason' in torch) return { reason: `no file to load: PyTorch, which writes it, ${torch.reason}` };
  const file = path.join(buildFolder, 'onnx', `${network}.onnx`);
  if (existsSync(file)) return file;
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    const script = path.join(sourceFolder, 'python/export_onnx.py');
    run(torch.program, [script, workload, '2', 'onnx', file], buildFolder, {
      ...process.env,
      CUDA_VISIBLE_DEVICES: '',
    });
    return file;
  } catch (error) {
    rmSync(file, { force: true });
    return { reason: `no file to load (${(error as Error).message})` };
  }
}
