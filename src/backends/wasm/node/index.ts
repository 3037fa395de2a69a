/** The WebAssembly backend's door in Node: what the engine and `cajal doctor` call. */
export {
  openWasmBackend,
  type WasmAvailability,
  type WasmBackendOptions,
  wasmAvailability,
} from './open-wasm-backend.ts';
