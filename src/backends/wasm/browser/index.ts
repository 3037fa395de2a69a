/** The WebAssembly backend's door in a page: what the engine calls. */
export { type BrowserWasmOptions, openWasmBackend } from './open-wasm-backend.ts';
