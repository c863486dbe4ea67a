import { hexOf } from '@firebreak/signals'
import { z } from 'zod'
import type { ExchangeAdapter, MalformedRecord, SourceRecord } from './adapter.ts'
import { basic, jsonOf } from './http.ts'
import { ExchangeProblem } from './problem.ts'

const settingsSchema = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://shield.projectarachnid.com'),
  /** Hashes in one question. */
  batch: z.int().min(1).max(500).default(100),
})
const checkpointSchema = z.object({ after: z.int() })
const answerSchema = z.object({
  scanned_hashes: z.record(z.string(), z.object({ classification: z.string(), match_type: z.string().nullish() })),
})

const UNKNOWN = 'no-known-match'
const KNOWN = new Set(['csam', 'harmful-abusive-material'])

/**
 * Project Arachnid's Shield answers questions instead of giving a list: PDQ hashes of the operator's own media are asked about, and
 * those it knows become entries. Only hashes leave, never media. An exact answer is its word for it; a near one is a lead.
 */
export const arachnidAdapter: ExchangeAdapter = {
  kind: 'arachnid',
  settings: settingsSchema,
  secrets: ['user', 'password'],
  async *fetch(context, stored) {
    const { baseUrl, batch } = settingsSchema.parse(context.settings)
    if (context.ownHashes === undefined) throw new ExchangeProblem('settings', 'no media of its own to ask about')
    let { after } = checkpointSchema.safeParse(stored).data ?? { after: 0 }
    const headers = {
      authorization: basic(context.secrets.user ?? '', context.secrets.password ?? ''),
      'content-type': 'application/json',
    }
    for (;;) {
      const media = await context.ownHashes(after, batch)
      if (media.length === 0) {
        yield { records: [], malformed: [], unsupported: 0, checkpoint: { after }, caughtUp: true }
        return
      }
      const byText = new Map(media.map(({ hash }) => [Buffer.from(hash).toString('base64'), hash]))
      const body = JSON.stringify({ hashes: [...byText.keys()] })
      const answer = answerSchema.safeParse(jsonOf(await context.http.ask(`${baseUrl}/v1/pdq/`, body, headers)))
      if (!answer.success) throw new ExchangeProblem('malformed', 'an answer of an unknown shape')
      const { scanned_hashes } = answer.data
      // Half an answer would pass over the rest for good.
      if ([...byText.keys()].some((text) => !(text in scanned_hashes)))
        throw new ExchangeProblem('malformed', 'the answer leaves out hashes that were asked about')
      const records: SourceRecord[] = []
      const malformed: MalformedRecord[] = []
      for (const [text, { classification, match_type }] of Object.entries(scanned_hashes)) {
        const hash = byText.get(text)
        if (classification === UNKNOWN) continue
        if (hash === undefined || !KNOWN.has(classification)) {
          malformed.push({ reason: `classification ${classification}`, record: text.slice(0, 100) })
          continue
        }
        const category = match_type === 'exact' ? 'POSITIVE_CLASS' : 'INVESTIGATION_SEED'
        const opinions = [{ owner: 'arachnid shield', category } as const]
        records.push({ sourceId: `pdq ${hexOf(hash)}`, hashes: [{ kind: 'pdq', hash }], opinions })
      }
      after = media.at(-1)!.id
      yield { records, malformed, unsupported: 0, checkpoint: { after }, caughtUp: false }
    }
  },
}
