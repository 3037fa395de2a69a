// Protects: a training that was killed at any step, or failed, ends with the bits of one that nothing stopped.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { backupAndRestore } from '../../../src/training/callbacks/backup-and-restore.ts';
import type { Callback } from '../../../src/training/callbacks/callback.ts';
import { temporaryFolder } from '../../runs/temporary-folder.ts';
import { allSteps, trainBackedUp } from './backed-up-training.ts';

/** A callback that fails before a step, counted over all epochs. */
function failAt(last: number): Callback {
  let steps = 0;
  return {
    onTrainBatchBegin() {
      if (steps++ === last) throw new RangeError('cut');
    },
  };
}

describe('backupAndRestore', () => {
  it('goes on to the same bits wherever a training fails, within an epoch too', async (context) => {
    const { weights } = await trainBackedUp({});
    const cuts = [
      ['epoch', 0],
      ['epoch', 7],
      [1, 4],
      [1, 9],
      [2, 5],
      [5, allSteps - 1],
    ] as const;
    for (const [saveFreq, last] of cuts) {
      const folder = path.join(temporaryFolder(context), 'backup');
      await assert.rejects(trainBackedUp({ folder, saveFreq, callbacks: [failAt(last)] }), /cut/);
      const again = await trainBackedUp({ folder, saveFreq });
      assert.deepEqual(again.weights, weights, `saved every ${saveFreq}, cut at step ${last}`);
      assert.ok(!existsSync(folder));
    }
  });

  it('goes on after the process was killed', async (context) => {
    const folder = path.join(temporaryFolder(context), 'backup');
    const program = fileURLToPath(new URL('backed-up-training.ts', import.meta.url));
    const { signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program, folder, '2', '8'], {
      encoding: 'utf8',
    });
    assert.equal(signal, 'SIGKILL', stderr);
    const again = await trainBackedUp({ folder, saveFreq: 2 });
    assert.deepEqual(again.epoch, [2, 3, 4]);
    assert.deepEqual(again.weights, (await trainBackedUp({})).weights);
  });

  it('keeps the backup of a whole training where it is asked to: nothing is trained again then', async (context) => {
    const folder = path.join(temporaryFolder(context), 'backup');
    const { weights } = await trainBackedUp({ folder, deleteCheckpoint: false });
    const again = await trainBackedUp({ folder, deleteCheckpoint: false });
    assert.deepEqual(again.epoch, []);
    assert.deepEqual(again.weights, weights);
  });

  it('refuses backups that are damaged or of another network, and options that are none', async (context) => {
    const folder = path.join(temporaryFolder(context), 'backup');
    await trainBackedUp({ folder, deleteCheckpoint: false });
    await assert.rejects(
      trainBackedUp({ folder, units: 4 }),
      /^FormatError: .*backup: expected "dense\/kernel" of \[2, 4\], received one of \[2, 5\]\. It is of another network or optimizer: start anew\.$/,
    );
    appendFileSync(path.join(folder, 'state.safetensors'), 'x');
    await assert.rejects(
      trainBackedUp({ folder }),
      /state\.safetensors: expected the state that checkpoint\.json was written with, received another\. Start anew without it\.$/,
    );
    writeFileSync(path.join(folder, 'checkpoint.json'), '{}');
    await assert.rejects(
      trainBackedUp({ folder }),
      /checkpoint\.json: expected a checkpoint of version 1, received something else\. Start anew without it\.$/,
    );
    assert.throws(() => backupAndRestore(''), /^OptionError: backupAndRestore: expected a folder, received ""\.$/);
    assert.throws(
      () => backupAndRestore('x', { saveFreq: 0 }),
      /^OptionError: backupAndRestore: saveFreq, where it is not 'epoch', must be a whole number of at least 1/,
    );
  });
});
