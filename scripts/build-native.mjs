/** `npm run build:native`: builds the native addon and, unlike an installation, fails where that does not work. */
import path from 'node:path';
import { run } from './project.mjs';

const script = path.join('native', 'install.mjs');
run(process.execPath, [script, '--force'], { ...process.env, CAJAL_REQUIRE_NATIVE: '1', CAJAL_SKIP_NATIVE: '' });
