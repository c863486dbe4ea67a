import { readFileSync } from 'node:fs'

/** Memory of a WebAssembly instance; growing replaces `buffer`, so never keep a view over it. */
export interface WasmMemory<Buffer extends ArrayBufferLike = ArrayBufferLike> {
  readonly buffer: Buffer
  grow(pages: number): number
}

type WasmModule = object

// The types that Node's own do not bring without those of a browser.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: object }
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory<SharedArrayBuffer>
}

export const PAGE_BYTES = 65_536

/** Compiles one of the committed SIMD cores (built by packages/media/tools from assembly/). */
export function compileCore(name: 'pdq' | 'radius'): WasmModule {
  return new WebAssembly.Module(readFileSync(new URL(`./${name}.wasm`, import.meta.url)))
}

/** The exports of a new instance; the caller names their type, which the compiler cannot check. */
export function instantiate<Exports>(module: WasmModule, memory?: WasmMemory): Exports {
  return new WebAssembly.Instance(module, memory ? { env: { memory } } : {}).exports as Exports
}

/** Memory that workers can share; `maximumBytes` is reserved as addresses only. */
export function sharedMemory(bytes: number, maximumBytes: number): WasmMemory<SharedArrayBuffer> {
  const pages = (size: number) => Math.min(65_536, Math.ceil(size / PAGE_BYTES))
  return new WebAssembly.Memory({ initial: pages(bytes), maximum: pages(maximumBytes), shared: true })
}
