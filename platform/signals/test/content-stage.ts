import type { EventInput, Label } from '@firebreak/ledger'
import { TEST_TIME } from '@firebreak/ledger/testing'
import {
  ContentSignals,
  type ContentSignalsOptions,
  hashFromHex,
  hexOf,
  type MediaHash,
  type MediaPort,
} from '../src/index.ts'
import { openStage, type Stage, SYSTEM, testSealer } from './stage.ts'

/** Media that are nothing but their hashes: `https://media.example/pdq-<hex>` or any bytes that spell such a list. */
export interface InventedMedia extends MediaPort {
  /** Answers for addresses that fail, by the address. */
  readonly failures: Map<string, { code: string; retry: boolean }>
  readonly fetched: string[]
}

export function inventedMedia(): InventedMedia {
  const failures = new Map<string, { code: string; retry: boolean }>()
  const fetched: string[] = []
  return {
    failures,
    fetched,
    fetch: async (url) => {
      fetched.push(url)
      const failure = failures.get(url)
      if (failure !== undefined) return { ok: false, ...failure }
      return { ok: true, bytes: Buffer.from(decodeURIComponent(new URL(url).pathname.slice(1))) }
    },
    hash: async (bytes) => {
      const hashes = Buffer.from(bytes)
        .toString()
        .split(',')
        .flatMap((one): MediaHash[] => {
          const [kind, hex = '', quality = '100'] = one.split('-')
          const hash = kind === 'pdq' || kind === 'md5' ? hashFromHex(kind, hex) : null
          return hash === null ? [] : [{ kind: kind as 'pdq', hash, quality: Number(quality) }]
        })
      return hashes.length > 0 ? { ok: true, hashes } : { ok: false, code: 'media/not-an-image', retry: false }
    },
  }
}

export function urlOf(...hashes: (readonly ['pdq' | 'md5', Uint8Array])[]): string {
  return `https://media.example/${hashes.map(([kind, hash]) => `${kind}-${hexOf(hash)}`).join(',')}`
}

export interface ContentStage extends Stage {
  readonly media: InventedMedia
  readonly signals: ContentSignals
  post(content: string, attachments: readonly unknown[], rest?: Partial<EventInput>): Promise<void>
  /** Waits until nothing is pending and the back catalogue is compared up to the banks. */
  settled(): Promise<void>
  labels(content: string): Promise<Label[]>
}

export async function openContentStage(options: Partial<ContentSignalsOptions> = {}): Promise<ContentStage> {
  const stage = await openStage()
  const media = inventedMedia()
  const { ledger, banks } = stage
  const signals = ContentSignals.open({
    ...{ ledger, banks, sealer: testSealer, media, holder: 'test', pollEvery: 20 },
    clock: () => stage.now,
    onFault: (error) => stage.faults.push(error),
    ...options,
  })
  let events = 0
  const close = stage.close
  return Object.assign(stage, {
    media,
    signals,
    post: async (content: string, attachments: readonly unknown[], rest: Partial<EventInput> = {}) => {
      const results = await ledger.append(
        [
          {
            ...{ id: `post-${++events}`, type: 'post.created', at: new Date(TEST_TIME - 1000).toISOString() },
            ...{ actor: { type: 'account', id: 'acct-0412' }, subject: { type: 'content', id: content } },
            data: { attachments },
            ...rest,
          },
        ],
        SYSTEM,
      )
      if (results[0]?.status !== 'accepted') throw new Error(JSON.stringify(results))
    },
    settled: async () => {
      for (let quiet = 0; quiet < 3; ) {
        await new Promise((later) => setTimeout(later, 30))
        const { media: states, catalogue } = await signals.status()
        const caught = catalogue.position === catalogue.head && catalogue.target === catalogue.head
        const taken = (await ledger.cursor('signals-media').get()) >= (await lastPost(stage))
        const due = await ledger.db
          .selectFrom('medium')
          .select('id')
          .where('state', '=', 'pending')
          .where('next_at', '<=', new Date(stage.now))
          .execute()
        quiet = caught && taken && due.length === 0 && states.pending >= 0 ? quiet + 1 : 0
      }
    },
    labels: (content: string) =>
      ledger.labels.active({ subject: { type: 'content', id: content }, asOf: new Date(stage.now).toISOString() }),
    close: async () => {
      await signals.close()
      await close()
    },
  })
}

async function lastPost({ ledger }: Stage): Promise<number> {
  return (
    (await ledger.events({ types: ['post.created', 'post.updated', 'post.removed'], limit: 10_000 })).at(-1)?.seq ?? 0
  )
}
