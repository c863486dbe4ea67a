import { z } from 'zod'
import type { DetectorShape, Sample } from './port.ts'

const PRIORITIES = ['VERY_LOW', 'LOW', 'MEDIUM', 'HIGH', 'VERY_HIGH']
const googleSchema = z.object({
  reviewPriorities: z.array(z.string()).min(1),
  model_version: z.string().optional(),
})

/** Google's Content Safety API: images in, review priorities out (its terms: an order for review, nothing else). */
export const googleContentSafety: DetectorShape = {
  name: 'google-content-safety',
  accepts: ['media'],
  request: (sample, { url, timeoutMs }, key) => ({
    ...{ url: `${url}?${new URLSearchParams({ key })}`, method: 'POST', timeoutMs },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ images: [base64Of(sample)] }),
  }),
  read(answer, { version }) {
    const read = googleSchema.safeParse(answer)
    const place = PRIORITIES.indexOf(read.data?.reviewPriorities[0] ?? '')
    return place < 0 ? null : { score: place / (PRIORITIES.length - 1), version: read.data?.model_version ?? version }
  },
}

const hiveSchema = z.object({
  status: z
    .array(
      z.object({
        response: z.object({
          output: z.array(
            z.object({ classes: z.array(z.object({ class: z.string(), score: z.number().min(0).max(1) })) }),
          ),
        }),
      }),
    )
    .min(1),
})

/** Hive's synchronous task, also in front of Thorn's Safer classifier: classes with scores; the highest of one class counts. */
export const hive: DetectorShape = {
  name: 'hive',
  accepts: ['media', 'text'],
  request(sample, { url, timeoutMs }, key) {
    const { body, type } = formOf(sample)
    return { url, method: 'POST', timeoutMs, headers: { authorization: `Token ${key}`, 'content-type': type }, body }
  },
  read(answer, { className, version }) {
    const read = hiveSchema.safeParse(answer)
    const scores = (read.data?.status ?? []).flatMap(({ response }) =>
      response.output.flatMap(({ classes }) => classes.flatMap((one) => (one.class === className ? [one.score] : []))),
    )
    return scores.length === 0 ? null : { score: Math.max(...scores), version }
  },
}

const plainSchema = z.object({
  version: z.string(),
  scores: z.array(z.object({ score: z.number().min(0).max(1) })).min(1),
})

/** Firebreak's own plain shape, for a model of one's own: `{items: [{media | text}]}` in, `{version, scores: [{score}]}` out. */
export const plain: DetectorShape = {
  name: 'plain',
  accepts: ['media', 'text'],
  request: (sample, { url, timeoutMs }, key) => ({
    ...{ url, method: 'POST', timeoutMs },
    headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ items: ['text' in sample ? { text: sample.text } : { media: base64Of(sample) }] }),
  }),
  read(answer) {
    const read = plainSchema.safeParse(answer)
    return read.success ? { score: read.data.scores[0]!.score, version: read.data.version } : null
  },
}

/** Every shape by its name. */
export const SHAPES: ReadonlyMap<string, DetectorShape> = new Map(
  [googleContentSafety, hive, plain].map((shape) => [shape.name, shape]),
)

function base64Of(sample: Sample): string {
  return 'media' in sample ? Buffer.from(sample.media).toString('base64') : ''
}

const BOUNDARY = 'firebreak-7MA4YWxkTrZu0gW'

function formOf(sample: Sample): { body: Uint8Array; type: string } {
  const [name, file, bytes] =
    'text' in sample ? ['text_data', '', Buffer.from(sample.text)] : ['media', '; filename="media"', sample.media]
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
  return { body, type: `multipart/form-data; boundary=${BOUNDARY}` }
}
