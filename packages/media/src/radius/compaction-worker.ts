/** The thread of `compactInBackground`: one index in, one index back, both in shared memory. */
import { parentPort, workerData } from 'node:worker_threads'
import { compactShared, type SharedIndex } from './radius-index.ts'

parentPort?.postMessage(compactShared(workerData as SharedIndex))
