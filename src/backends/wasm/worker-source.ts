/** What the workers of the WebAssembly backend run, as plain JavaScript text: it is started without a file of its own, so
 * it works from sources, from dist/ and inside bundles. The host's few lines around it call `start` with the first
 * message and a function that answers; messages are those of worker-host.ts. */
export const workerSource = `
const start = ({ module, memory: shared, firstPages, maximumPages, worker, stackTop, threads }, answer) => {
  const memory = shared ?? new WebAssembly.Memory({ initial: firstPages, maximum: maximumPages });
  const env = { memory, now_ms: () => performance.now() };
  const kernels = new WebAssembly.Instance(module, { env }).exports;
  kernels.__stack_pointer.value = stackTop | 0;
  if (worker > 0) {
    kernels.cajal_help(worker);
    return () => {};
  }
  kernels.cajal_open(threads);
  const tasks = {
    run({ words, arena, variables, scalars, batch, scratch, scratchBytes, times, instructions }) {
      const status = kernels.cajal_run(words, arena, variables, scalars, batch, scratch, scratchBytes, times);
      const instructionMs = times ? new Float64Array(memory.buffer, times, instructions).slice() : undefined;
      return { status, instructionMs, tiles: Array.from({ length: threads }, (_, index) => kernels.cajal_tiles_run(index)) };
    },
    measure({ address, answerBytes }) {
      kernels.cajal_measure_peak(address + answerBytes, address);
      return { peak: new Float64Array(memory.buffer, address, 2).slice() };
    },
    write: ({ address, bytes }) => void new Uint8Array(memory.buffer, address, bytes.length).set(bytes),
    clear: ({ address, count }) => void new Uint8Array(memory.buffer, address, count).fill(0),
    read: ({ address, count }) => ({ bytes: new Uint8Array(memory.buffer, address, count).slice() }),
    grow: ({ pages }) => void memory.grow(pages),
    greet: () => ({}),
  };
  return ({ id, task, ...details }) => {
    try {
      const result = tasks[task](details);
      if (id !== undefined) answer({ id, ...result });
    } catch (error) {
      answer({ id, error: String(error) });
    }
  };
};
`;
