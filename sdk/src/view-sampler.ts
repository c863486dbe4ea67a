import type { Firebreak } from './client.ts'

/** A view: who saw what, when (ISO time). */
export interface View {
  readonly viewer: string
  readonly subject: { readonly type: string; readonly id: string }
  readonly author?: string
  readonly surface?: string
  readonly at: string
}

/** How views are sampled and delivered. */
export interface SamplerOptions {
  /** One view in so many is kept. */
  readonly every: number
  /** Milliseconds between deliveries (default 5,000). */
  readonly flushEvery?: number
  /** Views kept while Firebreak is away; older ones go first (default 10,000). */
  readonly most?: number
  /** 0 ≤ number < 1 (default Math.random). */
  readonly random?: () => number
  readonly newId?: () => string
}

/** Samples views for measuring prevalence: every view has the same chance, and says with which weight it stands for the rest. */
export class ViewSampler {
  readonly #client: Pick<Firebreak, 'events'>
  readonly #options: SamplerOptions
  readonly #timer: NodeJS.Timeout
  #waiting: object[] = []
  /** Views that were sampled and could not be kept. */
  dropped = 0

  constructor(client: Pick<Firebreak, 'events'>, options: SamplerOptions) {
    if (!(options.every >= 1)) throw new RangeError('every must be 1 or more')
    this.#client = client
    this.#options = options
    this.#timer = setInterval(() => void this.flush().catch(() => {}), options.flushEvery ?? 5_000)
    this.#timer.unref()
  }

  /** Costs one random number for a view that is not kept. */
  seen(view: View): void {
    const { every, random = Math.random, newId = () => crypto.randomUUID(), most = 10_000 } = this.#options
    if (random() * every >= 1) return
    this.#waiting.push({
      id: `view-${newId()}`,
      type: 'view.sampled',
      at: view.at,
      actor: { type: 'account', id: view.viewer },
      subject: view.subject,
      ...(view.surface === undefined ? {} : { surface: view.surface }),
      data: { weight: every, ...(view.author === undefined ? {} : { author: view.author }) },
    })
    while (this.#waiting.length > most) {
      this.#waiting.shift()
      this.dropped++
    }
  }

  /** Delivers what is waiting; what could not be delivered waits on. */
  async flush(): Promise<void> {
    const views = this.#waiting
    if (views.length === 0) return
    this.#waiting = []
    try {
      await this.#client.events(views)
    } catch (error) {
      this.#waiting = [...views, ...this.#waiting]
      throw error
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }
}
