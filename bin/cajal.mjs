#!/usr/bin/env node
/** The `cajal` command. In a clone it runs src/ as it stands; in an installed package, which has no src/, it runs dist/. */
import { existsSync } from 'node:fs';

const source = new URL('../src/cli/main.ts', import.meta.url);

async function load() {
  if (!existsSync(source)) return import(new URL('../dist/cli/main.js', import.meta.url).href);
  const { register } = await import('tsx/esm/api');
  register();
  return import(source.href);
}

const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
